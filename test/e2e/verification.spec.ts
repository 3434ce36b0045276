import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('a verification that the receiver asks for', () => {
  it('is a SET about the stream, with the state that was sent', async () => {
    const { api, stream, receiver, provider, application } = await connect(transmitter);

    const answer = await api.verify({ stream_id: stream.stream_id, state: 'c3RhdGUtMQ' });
    const { claims } = await receiver.next();

    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(claims).toEqual({
      iss: provider.issuer,
      aud: application.audience[0],
      jti: claims.jti,
      iat: claims.iat,
      sub_id: { format: 'opaque', id: stream.stream_id },
      events: { [VERIFICATION]: { state: 'c3RhdGUtMQ' } },
    });
    const set = await transmitter.admin.setWithStatus(claims.jti, 'delivered');
    expect(set).toMatchObject({ eventType: VERIFICATION, signalId: null });
  });

  it.each([
    ['other scripts', 'Grüße 漢字 😀 \u0301'],
    ['what JSON escapes', '"\\/\b\f\n\r\t\u2028\u007f</script>'],
    ['white space', '  a\u00a0b  '],
    ['nothing', ''],
    ['1,024 characters', 'ä'.repeat(1024)],
  ])('echoes a state of %s byte for byte', async (_what, state) => {
    const { api, stream, receiver } = await connect(transmitter);

    const answer = await api.verify({ stream_id: stream.stream_id, state });
    const { payload } = await receiver.next();

    expect(answer.status).toBe(204);
    expect(payload).toEqual({ state });
  });

  it('without a state has none', async () => {
    const { api, stream, receiver } = await connect(transmitter);

    await api.verify({ stream_id: stream.stream_id });

    expect((await receiver.next()).payload).toEqual({});
  });

  it('is sent although the stream delivers no event', async () => {
    const { api, stream, receiver } = await connect(transmitter, {
      provider: { defaultSubjects: 'NONE' },
      stream: { events_requested: [] },
    });

    await api.verify({ stream_id: stream.stream_id });

    expect((await receiver.next()).eventType).toBe(VERIFICATION);
  });

  it('is refused with 429 when it comes too soon after another', async () => {
    const { api, stream } = await connect(transmitter);
    await api.verify({ stream_id: stream.stream_id });

    const again = await api.verify({ stream_id: stream.stream_id });

    expect(again.status).toBe(429);
    expect(again.json()).toMatchObject({ err: 'too_many_requests' });
    const retryAfter = Number(again.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(stream.min_verification_interval);
  });

  it('is taken again when the advertised interval is over, and other streams are not concerned', async () => {
    const one = await connect(transmitter);
    const { api, stream } = one;
    const other = await connect(transmitter, { to: one.provider });
    await api.verify({ stream_id: stream.stream_id });
    await transmitter.database.query(
      'update ssf.stream_limit set free_at = free_at - make_interval(secs => $2) where stream_id = $1',
      [stream.stream_id, stream.min_verification_interval],
    );

    const answers = [
      await api.verify({ stream_id: stream.stream_id }),
      await other.api.verify({ stream_id: other.stream.stream_id }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  });

  it('is taken once when asked for many times at once', async () => {
    const { api, stream } = await connect(transmitter);

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.verify({ stream_id: stream.stream_id })),
    );

    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([204, ...Array.from({ length: 7 }, () => 429)]);
  });

  it.each([
    ['an unknown stream', randomUUID()],
    ['no uuid', 'nothing'],
  ])('of %s is 404', async (_what, streamId) => {
    const { api } = await connect(transmitter);

    const answer = await api.verify({ stream_id: streamId });

    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ err: 'not_found' });
  });
});

describe('a verification that nobody asked for', () => {
  it('comes about a second after a push stream was created, without a state', async () => {
    const createdAt = performance.now();
    const { receiver, stream } = await connect(transmitter, { application: { verifyOnCreate: true } });

    const { eventType, payload, claims, at } = await receiver.next();

    expect(eventType).toBe(VERIFICATION);
    expect(payload).toEqual({});
    expect(claims.sub_id).toEqual({ format: 'opaque', id: stream.stream_id });
    expect(at - createdAt).toBeGreaterThan(900);
    expect(at - createdAt).toBeLessThan(5_000);
  });

  it('does not come when the application does not want it', async () => {
    const { stream } = await connect(transmitter, { application: { verifyOnCreate: false } });

    expect(await transmitter.admin.sets({ streamId: stream.stream_id })).toEqual([]);
  });
});

describe('a verification that an administrator asks for', () => {
  it('is sent, and not limited in how often', async () => {
    const { stream, receiver } = await connect(transmitter);
    const path = `/streams/${stream.stream_id}/verify`;

    const answers = [
      await transmitter.admin.call(path, { method: 'POST' }),
      await transmitter.admin.call(path, { method: 'POST' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    const sets = await receiver.atLeast(2);
    expect(sets.map(({ payload }) => payload)).toEqual([{}, {}]);
  });
});
