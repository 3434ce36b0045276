import { Logger } from '@nestjs/common';
import { afterEach, expect, it, vi } from 'vitest';
import type { UnitOfWork } from '../platform/database/unit-of-work.js';
import { TestTracing } from '../platform/tracing/test-tracing.fixture.js';
import { SetTracesService } from './set-traces.service.js';

let tracing: TestTracing | undefined;

afterEach(() => {
  vi.restoreAllMocks();
  tracing?.stop();
  tracing = undefined;
});

it('asks the database nothing while nobody traces, nor for no SETs', async () => {
  const query = vi.fn();
  const traces = new SetTracesService({ manager: { query } } as unknown as UnitOfWork);

  expect(await traces.of(['0197-1'])).toEqual(new Map());
  tracing = TestTracing.start();
  expect(await traces.of([])).toEqual(new Map());

  expect(query).not.toHaveBeenCalled();
});

it('goes without when the database does not answer, and says so', async () => {
  tracing = TestTracing.start();
  const query = vi.fn().mockRejectedValue(new Error('the database is away'));
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const traces = new SetTracesService({ manager: { query } } as unknown as UnitOfWork);

  expect(await traces.of(['0197-1'])).toEqual(new Map());

  expect(warn).toHaveBeenCalledTimes(1);
});
