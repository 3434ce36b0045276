import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import { OAuthClient, postForm } from '../support/oauth-client.js';
import { connect, createToken } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const HEADER = 'Bearer rx-very-secret-0123456789';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

function placesOf(secret: string): Promise<string[]> {
  return transmitter.database.placesOf(secret);
}

describe('in the database there is no', () => {
  it('header of a receiver in clear, nor encoded', async () => {
    const { receiver, signal } = await connect(transmitter, { delivery: { authorization_header: HEADER } });

    await transmitter.admin.record(signal());

    expect((await receiver.next()).headers.authorization).toBe(HEADER);
    expect(await placesOf(HEADER)).toEqual([]);
    expect(await placesOf('rx-very-secret')).toEqual([]);
    expect(await placesOf(Buffer.from(HEADER).toString('base64'))).toEqual([]);
  });

  it('token of a receiver, but its hash', async () => {
    const { application } = await connect(transmitter);
    const token = await createToken(transmitter, application);

    expect(await placesOf(token)).toEqual([]);
    const hashes = await transmitter.database.query(
      'select from ssf.application_token where token_hash = $1',
      [createHash('sha256').update(token).digest()],
    );
    expect(hashes).toHaveLength(1);
  });

  it('token of a receiver in an answer that is kept for an Idempotency-Key', async () => {
    const { application } = await connect(transmitter);
    const answer = await transmitter.admin.call(`/applications/${application.id}/tokens`, {
      body: { scopes: ['ssf.read'] },
      headers: { 'idempotency-key': 'once' },
    });

    const { token } = answer.json<{ token: string }>();

    expect(await placesOf(token)).toEqual([]);
  });

  it('secret or access token of an OAuth client, but their hashes', async () => {
    const { application } = await connect(transmitter);
    const client = await OAuthClient.register(transmitter, application);
    const token = await client.token();

    for (const secret of [client.secret, token]) {
      expect(secret).toMatch(/^ssf_\w\w_/);
      expect(await placesOf(secret)).toEqual([]);
      expect(await placesOf(Buffer.from(secret).toString('base64'))).toEqual([]);
    }
    const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
    const rows = await transmitter.database.query(
      `select from ssf.oauth_client c join ssf.oauth_access_token t on t.client_id = c.id
        where c.secret_hash = $1 and t.token_hash = $2`,
      [hash(client.secret), hash(token)],
    );
    expect(rows).toHaveLength(1);
  });

  it('secret of an OAuth client in an answer that is kept for an Idempotency-Key', async () => {
    const { application } = await connect(transmitter);
    const answer = await transmitter.admin.call(`/applications/${application.id}/oauth-clients`, {
      body: { tokenEndpointAuthMethod: 'client_secret_post', scopes: ['ssf.read'] },
      headers: { 'idempotency-key': 'once-client' },
    });

    const { clientSecret } = answer.json<{ clientSecret: string }>();

    expect(clientSecret).toMatch(/^ssf_cs_/);
    expect(await placesOf(clientSecret)).toEqual([]);
  });

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('private key of %s in clear', async (signingAlgorithm) => {
    await connect(transmitter, { provider: { signingAlgorithm } });

    expect(await placesOf('PRIVATE KEY')).toEqual([]);
    // the private member of a JWK, with which all of these have one
    expect(await placesOf('"d":')).toEqual([]);
    expect(await placesOf('"d" :')).toEqual([]);
    // what the DER form of a PKCS #8 key begins with, after the length
    const oid = { RS256: '06092a864886f70d010101', ES256: '06072a8648ce3d0201', EdDSA: '06032b6570' };
    const der = Buffer.from(oid[signingAlgorithm], 'hex');
    const [row] = await transmitter.database.query<{ count: number }>(
      'select count(*)::int as count from ssf.signing_key where position($1::bytea in private_key) > 0',
      [der],
    );
    expect(row?.count).toBe(0);
  });

  it('admin token', async () => {
    await connect(transmitter);

    expect(await placesOf(transmitter.adminToken)).toEqual([]);
  });
});

describe('in the audit log there is no', () => {
  it('secret of any kind, nor a hash of one, nor whose subject it was', async () => {
    const { provider, application, api, stream } = await connect(transmitter, {
      delivery: { authorization_header: HEADER },
    });
    const token = await createToken(transmitter, application);
    const client = await OAuthClient.register(transmitter, application);
    const { privateKey } = generateKeyPairSync('ed25519');
    const jwk = privateKey.export({ format: 'jwk' });
    const params = { path: { id: provider.id } };
    await taken(
      transmitter.admin.api.POST('/api/v1/providers/{id}/signing-keys', {
        params,
        body: { jwk: { ...jwk } },
      }),
    );
    const email = 'ana-of-the-audit-log@acme.test';
    await api.removeSubject({ stream_id: stream.stream_id, subject: { format: 'email', email } });
    await api.deleteStream(stream.stream_id);
    await transmitter.admin.delete(`/providers/${provider.id}`);

    const log = (await transmitter.admin.call(`/audit-log/export?providerId=${provider.id}`)).text;

    // what there was to say is in it
    expect(log.match(/"action":"[\w.]+"/g)).toHaveLength(13);
    const secrets = [HEADER, token, client.secret, jwk.d ?? '', transmitter.adminToken, api.token];
    const digests = secrets.map((secret) => createHash('sha256').update(secret).digest());
    const encodings = ['hex', 'base64', 'base64url'] as const;
    for (const secret of [
      ...secrets,
      'rx-very-secret',
      'PRIVATE KEY',
      '"d":',
      email,
      ...digests.flatMap((digest) => encodings.map((encoding) => digest.toString(encoding))),
    ])
      expect(log).not.toContain(secret);
  });
});

describe('in the log there is no', () => {
  it('token, header, claim or SET, whatever happens', async () => {
    const subject = { user: { id: 'user-of-the-log-test', email: 'log-test@acme.test' } };
    const { api, application, receiver, signal, stream } = await connect(transmitter, {
      delivery: { authorization_header: HEADER },
    });
    receiver.answerInTurn(
      { status: 400, body: { err: 'invalid_request', description: 'no' } },
      { status: 503 },
    );
    await transmitter.admin.recordAll([signal({ subject }), signal({ subject })]);
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'has failed',
      ({ health }) => health.consecutiveFailures > 0,
    );
    await api.readStreams({ token: 'ssf_wrong-token-0123456789' });
    await transmitter.admin.call('/providers', { token: 'admin-wrong-token-0123456789' });
    await transmitter.admin.call(`/providers?access_token=query-token-0123456789`);
    await transmitter.admin.call('/signals', { body: [{ ...signal({ subject }), colour: 'red' }] });
    const [set] = await receiver.atLeast(1);
    const basic = await OAuthClient.register(transmitter, application);
    const post = await OAuthClient.register(transmitter, application, { method: 'client_secret_post' });
    const signed = await OAuthClient.register(transmitter, application, { method: 'private_key_jwt' });
    const assertion = await signed.assertion();
    const tokens = [await basic.token(), await post.token(), await signed.token()];
    for (const client of [basic, post]) await client.requestToken({ scope: 'wrong', token: client.secret });
    for (let time = 0; time < 2; time += 1) await signed.requestToken({ client_assertion: assertion });
    await basic.introspect(tokens[0] ?? '');
    await basic.revoke(tokens[0] ?? '');
    await postForm(basic.server.token_endpoint, { client_id: basic.secret, client_secret: 'x' });

    const log = transmitter.logLines.join('\n');

    expect(log).toContain('set.attempted');
    expect(log).toContain('oauth.refused');
    for (const secret of [
      HEADER,
      'rx-very-secret',
      api.token,
      transmitter.adminToken,
      'wrong-token-0123456789',
      'query-token-0123456789',
      'user-of-the-log-test',
      'log-test@acme.test',
      set?.token ?? '',
      'PRIVATE KEY',
      basic.secret,
      post.secret,
      assertion,
      ...tokens,
    ])
      expect(log).not.toContain(secret);
  });
});
