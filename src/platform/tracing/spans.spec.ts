import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SsfError } from '../../core/errors.js';
import { inSpan, noteSpan, tracer } from './spans.js';
import { TestTracing } from './test-tracing.fixture.js';

const OPTIONS = (): object => ({ attributes: { 'ssf.stream_id': 's-1' } });

let tracing: TestTracing | undefined;

function startTracing(): TestTracing {
  tracing = TestTracing.start();
  return tracing;
}

afterEach(() => {
  tracing?.stop();
  tracing = undefined;
});

describe('while nobody has registered an SDK', () => {
  it('there is no tracer, work is just done, and nothing is made for a span', async () => {
    const options = vi.fn(OPTIONS);
    const work = vi.fn(() => Promise.resolve(7));

    const result = await inSpan('ssf.test', options, work);
    noteSpan('ssf.test', options);

    expect(tracer()).toBeUndefined();
    expect(result).toBe(7);
    expect(work.mock.calls).toEqual([[]]);
    expect(options).not.toHaveBeenCalled();
  });

  it('one that comes later is found, and one that goes is not missed', () => {
    const { spans } = startTracing();
    noteSpan('ssf.test', OPTIONS);
    tracing?.stop();
    noteSpan('ssf.test', OPTIONS);

    expect(spans).toHaveLength(1);
    expect(tracer()).toBeUndefined();
  });
});

describe('a span', () => {
  it('lasts as long as the work, which finds it active', async () => {
    const { spans } = startTracing();

    const active = await inSpan('ssf.test', OPTIONS, async (span) => {
      await Promise.resolve();
      expect(spans).toEqual([]);
      return span !== undefined && trace.getActiveSpan() === span;
    });

    expect(active).toBe(true);
    expect(spans).toMatchObject([
      { name: 'ssf.test', attributes: { 'ssf.stream_id': 's-1' }, status: { code: SpanStatusCode.UNSET } },
    ]);
    expect(spans[0]?.instrumentationScope.name).toBe('ssf-transmitter');
  });

  it.each([
    [new SsfError('not_found', 'ana@acme.test is unknown'), 'not_found'],
    [new TypeError('ana@acme.test is no number'), 'TypeError'],
    ['ana@acme.test' as unknown as Error, 'string'],
  ])('tells the kind of an error and none of its words (%#)', async (error, kind) => {
    const { spans } = startTracing();

    const working = inSpan('ssf.test', OPTIONS, () => {
      throw error;
    });
    await expect(working).rejects.toBe(error);
    noteSpan('ssf.test', OPTIONS, error);

    expect(spans).toHaveLength(2);
    for (const { attributes, status, events } of spans) {
      expect(attributes).toEqual({ 'ssf.stream_id': 's-1', 'error.type': kind });
      expect(status).toEqual({ code: SpanStatusCode.ERROR });
      expect(events).toEqual([]);
    }
  });
});
