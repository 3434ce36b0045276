import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamConfiguration } from '../support/api-types.js';
import { type Answer, call } from '../support/http.js';
import { connect } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';

const CHANGES_PER_MINUTE = 3;
const KNOWN = { format: 'email', email: 'ana@acme.test' };
const UNKNOWN = { format: 'email', email: 'nobody@nowhere.test' };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ subjectChangesPerMinute: CHANGES_PER_MINUTE });
});

afterAll(() => transmitter.stop());

function about(stream: StreamConfiguration, subject: object): object {
  return { stream_id: stream.stream_id, subject };
}

async function streamAtItsLimit() {
  const connection = await connect(transmitter, { provider: { defaultSubjects: 'NONE' } });
  const { api, stream } = connection;
  const allowed = [
    await api.addSubject(about(stream, KNOWN)),
    await api.removeSubject(about(stream, UNKNOWN)),
    await api.addSubject(about(stream, KNOWN)),
  ];
  return { ...connection, allowed };
}

async function listed(stream: StreamConfiguration): Promise<{ data: object[] }> {
  return { data: await transmitter.admin.subjects(stream.stream_id) };
}

function facts({ status, headers, json }: Answer): unknown[] {
  return [status, json<{ err: string }>().err, Number(headers.get('retry-after')) > 0];
}

describe('adding and removing subjects too often', () => {
  it('is refused with 429, says when again, and changes nothing', async () => {
    const { api, stream, allowed } = await streamAtItsLimit();

    const refused = await api.removeSubject(about(stream, KNOWN));

    expect(allowed.map(({ status }) => status)).toEqual([200, 204, 200]);
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(60 / CHANGES_PER_MINUTE);
    expect((await listed(stream)).data).toMatchObject([{ subject: KNOWN }]);
  });

  it('is refused alike for subjects that are known and that are not', async () => {
    const { api, stream } = await streamAtItsLimit();

    const answers = [
      await api.addSubject(about(stream, KNOWN)),
      await api.addSubject(about(stream, UNKNOWN)),
      await api.removeSubject(about(stream, KNOWN)),
      await api.removeSubject(about(stream, UNKNOWN)),
    ];

    expect(answers.map(facts)).toEqual(answers.map(() => [429, 'too_many_requests', true]));
  });

  it('is refused by every process', async () => {
    const replica = await startReplica(transmitter);
    const { api, stream } = await streamAtItsLimit();
    const elsewhere = api.metadata.add_subject_endpoint.replace(transmitter.baseUrl, replica.baseUrl);

    const answer = await call(elsewhere, { token: api.token, body: about(stream, UNKNOWN) });

    expect(answer.status).toBe(429);
    await replica.stop();
  });

  it('is no matter of other streams, nor of requests that are wrong', async () => {
    const one = await streamAtItsLimit();
    const { api, stream } = await connect(transmitter, { to: one.provider });
    for (let times = 0; times < CHANGES_PER_MINUTE + 1; times++)
      expect((await api.addSubject(about(stream, { format: 'email' }))).status).toBe(400);

    expect((await api.addSubject(about(stream, KNOWN))).status).toBe(200);
    expect((await api.addSubject(about(one.stream, KNOWN))).status).toBe(404);
  });

  it('is taken one by one again as time goes by', async () => {
    const { api, stream } = await streamAtItsLimit();
    await transmitter.database.query(
      'update ssf.stream_limit set free_at = free_at - make_interval(secs => $2) where stream_id = $1',
      [stream.stream_id, 60 / CHANGES_PER_MINUTE],
    );

    const answers = [await api.addSubject(about(stream, KNOWN)), await api.addSubject(about(stream, KNOWN))];

    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  });

  it('is counted right when asked for at once', async () => {
    const { api, stream } = await connect(transmitter);

    const answers = await Promise.all(Array.from({ length: 8 }, () => api.addSubject(about(stream, KNOWN))));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(CHANGES_PER_MINUTE);
  });
});
