import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider, StreamConfiguration } from '../support/api-types.js';
import { type Answer, call } from '../support/http.js';
import { connect, createProvider, createToken, issueToken } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

function challengeOf(answer: Answer): string | null {
  return answer.headers.get('www-authenticate');
}

/** RFC 9728 section 5.1 */
function resourceMetadata({ slug }: Provider): string {
  return `resource_metadata="${transmitter.baseUrl}/.well-known/oauth-protected-resource/ssf/${slug}"`;
}

describe('the admin API', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no header', {}, 'Bearer realm="ssf"'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'Bearer realm="ssf"'],
    ['a wrong token', { authorization: 'Bearer wrong' }, 'Bearer realm="ssf", error="invalid_token"'],
    ['a malformed token', { authorization: 'Bearer a b' }, 'Bearer realm="ssf", error="invalid_token"'],
    ['an empty token', { authorization: 'Bearer ' }, ''],
  ])('refuses %s with 401 and a challenge', async (_what, headers, challenge) => {
    const answer = await call(`${transmitter.baseUrl}/api/v1/providers`, { headers });

    expect(answer.status).toBe(401);
    expect(challengeOf(answer)).toMatch(/^Bearer realm="ssf"/);
    if (challenge !== '') expect(challengeOf(answer)).toBe(challenge);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('takes the scheme in any case', async () => {
    const headers = { authorization: `bearer ${transmitter.adminToken}` };

    const answer = await call(`${transmitter.baseUrl}/api/v1/providers`, { headers });

    expect(answer.status).toBe(200);
  });

  it('takes no token from the query', async () => {
    const url = `${transmitter.baseUrl}/api/v1/providers?access_token=${transmitter.adminToken}`;

    expect((await call(url)).status).toBe(401);
  });

  it('judges the caller before the body', async () => {
    const answer = await call(`${transmitter.baseUrl}/api/v1/providers`, {
      body: ';{ broken',
      token: 'wrong',
    });

    expect(answer.status).toBe(401);
  });

  it('does not take the token of a receiver', async () => {
    const { api } = await connect(transmitter);

    const answer = await transmitter.admin.call('/providers', { token: api.token });

    expect(answer.status).toBe(401);
  });
});

describe('the receiver API', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no header', {}, 'Bearer realm="ssf"'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'Bearer realm="ssf"'],
    ['a wrong token', { authorization: 'Bearer wrong' }, 'Bearer realm="ssf", error="invalid_token"'],
  ])('refuses %s with 401 and a challenge', async (_what, headers, challenge) => {
    const { api, stream, provider } = await connect(transmitter);
    const call = { token: undefined, headers };

    const answers = [
      await api.readStreams(call),
      await api.createStream({}, call),
      await api.deleteStream(stream.stream_id, call),
      await api.readStatus(stream.stream_id, call),
      await api.verify({ stream_id: stream.stream_id }, call),
    ];

    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(challengeOf(answer)).toBe(`${challenge}, ${resourceMetadata(provider)}`);
      expect(answer.json()).toMatchObject({ err: expect.any(String) as string });
    }
  });

  it('refuses an expired token', async () => {
    const { api, application } = await connect(transmitter);
    const token = await createToken(transmitter, application, ['ssf.manage'], {
      expiresAt: new Date(Date.now() - 1000).toISOString(),
    });

    const answer = await api.readStreams({ token });

    expect(answer.status).toBe(401);
    expect(challengeOf(answer)).toContain('error="invalid_token"');
  });

  it('refuses a token from the moment it expires', async () => {
    const { api, application } = await connect(transmitter);
    const token = await createToken(transmitter, application, ['ssf.manage'], {
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect((await api.readStreams({ token })).status).toBe(200);

    await transmitter.database.query(
      'update ssf.application_token set expires_at = now() where application_id = $1 and expires_at is not null',
      [application.id],
    );

    expect((await api.readStreams({ token })).status).toBe(401);
  });

  it('refuses a revoked token', async () => {
    const { api, application } = await connect(transmitter);
    const path = `/applications/${application.id}/tokens`;
    const created = await issueToken(transmitter, application);
    expect((await api.readStreams({ token: created.token })).status).toBe(200);

    await transmitter.admin.delete(`${path}/${created.id}`);

    expect((await api.readStreams({ token: created.token })).status).toBe(401);
    expect((await api.readStreams()).status).toBe(200);
  });

  it('lets a token with ssf.read read and nothing else', async () => {
    const { api, application, stream, provider } = await connect(transmitter);
    const token = await createToken(transmitter, application, ['ssf.read']);

    const reading = [
      await api.readStreams({ token }),
      await api.readStream(stream.stream_id, { token }),
      await api.readStatus(stream.stream_id, { token }),
    ];
    const managing = [
      await api.createStream({}, { token }),
      await api.verify({ stream_id: stream.stream_id }, { token }),
      await api.deleteStream(stream.stream_id, { token }),
    ];

    expect(reading.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const answer of managing) {
      expect(answer.status).toBe(403);
      expect(challengeOf(answer)).toBe(
        `Bearer realm="ssf", error="insufficient_scope", scope="ssf.manage", ${resourceMetadata(provider)}`,
      );
      expect(answer.json()).toMatchObject({ err: 'insufficient_scope' });
    }
    expect((await api.readStream(stream.stream_id)).status).toBe(200);
  });

  it('judges the caller, then the scope, then the body, then the stream', async () => {
    const { api, application } = await connect(transmitter);
    const readOnly = await createToken(transmitter, application, ['ssf.read']);

    const statuses = [
      await api.verify(';{ broken', { token: 'wrong' }),
      await api.verify(';{ broken', { token: readOnly }),
      await api.verify(';{ broken'),
      await api.verify({ stream_id: 'unknown', state: 7 }),
      await api.verify({ stream_id: 'unknown' }),
    ].map(({ status }) => status);

    expect(statuses).toEqual([401, 403, 400, 400, 404]);
  });

  it('takes no token from the query, nor one beside the header', async () => {
    const { api } = await connect(transmitter);
    const url = `${api.metadata.configuration_endpoint}?access_token=${api.token}`;

    expect((await call(url)).status).toBe(401);
    const both = await call(url, { token: api.token });
    expect(both.status).toBe(400);
    expect(both.json()).toMatchObject({ err: 'invalid_request' });
  });

  it('does not exist for a token of another provider', async () => {
    const { provider } = await connect(transmitter);
    const stranger = await connect(transmitter);
    const endpoint = `${provider.issuer}/streams`;

    const answers = [
      await call(endpoint, { token: stranger.api.token }),
      await call(endpoint, { token: stranger.api.token, body: {} }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('answers for an unknown provider as for one of others', async () => {
    const other = await createProvider(transmitter);
    const { api } = await connect(transmitter);

    const [ofOther, ofNobody] = [
      await call(`${other.issuer}/streams`, { token: api.token }),
      await call(`${transmitter.baseUrl}/ssf/nobody/streams`, { token: api.token }),
    ];

    expect(ofOther.status).toBe(404);
    expect(ofNobody.status).toBe(404);
    expect(ofNobody.text).toBe(ofOther.text);
  });

  it('shows no stream of another application', async () => {
    const { provider, stream, receiver, signal } = await connect(transmitter);
    const { api } = await connect(transmitter, { to: provider });

    const answers = [
      await api.readStream(stream.stream_id),
      await api.readStatus(stream.stream_id),
      await api.verify({ stream_id: stream.stream_id }),
      await api.deleteStream(stream.stream_id),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const listed = (await api.readStreams()).json<StreamConfiguration[]>();
    expect(listed.map(({ stream_id: id }) => id)).not.toContain(stream.stream_id);
    await transmitter.admin.record(signal());
    await receiver.next();
  });

  it('does not take a SET as a token', async () => {
    const { api, receiver, signal } = await connect(transmitter);
    await transmitter.admin.record(signal());
    const { token } = await receiver.next();

    const answer = await api.readStreams({ token });

    expect(answer.status).toBe(401);
    expect(challengeOf(answer)).toContain('error="invalid_token"');
  });

  it('does not take the admin token', async () => {
    const { api } = await connect(transmitter);

    expect((await api.readStreams({ token: transmitter.adminToken })).status).toBe(401);
  });
});
