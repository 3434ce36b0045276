import createClient from 'openapi-fetch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { paths } from '../../support/admin-api.js';
import { POLL } from '../../support/receiver-client.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** What came, when it came with a 2xx. */
async function taken<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(error)}`);
  return data as Data;
}

it('a client whose types come from the description administers a transmitter', async () => {
  const api = createClient<paths>({
    baseUrl: transmitter.baseUrl,
    headers: { authorization: `Bearer ${transmitter.adminToken}` },
  });

  const provider = await taken(
    api.POST('/api/v1/providers', { body: { slug: 'typed', name: 'Typed', signingAlgorithm: 'ES256' } }),
  );
  const application = await taken(
    api.POST('/api/v1/applications', {
      body: { providerId: provider.id, slug: 'app', name: 'App', subjectFormat: 'email' },
    }),
  );
  const stream = await taken(
    api.POST('/api/v1/streams', {
      body: { applicationId: application.id, delivery: { method: POLL } },
    }),
  );
  const answer = await taken(
    api.POST('/api/v1/signals', {
      body: {
        provider: provider.slug,
        type: 'session.revoked',
        subject: { user: { id: 'u-31', email: 'ana@acme.test' } },
      },
    }),
  );
  // an import answers with lines
  const [recorded] = typeof answer === 'string' ? [] : answer.data;
  const path = { id: recorded?.id ?? '' };
  const signal = await until('the fan-out', async () => {
    const found = await taken(api.GET('/api/v1/signals/{id}', { params: { path } }));
    return found.fannedOutAt !== null && found;
  });
  const jti = signal.outcomes[0]?.jti ?? '';
  const set = await taken(api.GET('/api/v1/sets/{jti}', { params: { path: { jti } } }));
  const page = await taken(
    api.GET('/api/v1/sets', { params: { query: { streamId: stream.id, status: 'pending' } } }),
  );
  const refused = await api.POST('/api/v1/providers', { body: { slug: 'typed', name: 'Again' } });

  expect(set).toMatchObject({ jti, streamId: stream.id, claims: { iss: provider.issuer } });
  expect(page.data.map((each) => each.jti)).toContain(jti);
  expect(refused.response.status).toBe(409);
  expect(refused.error).toMatchObject({ code: 'conflict' });
});
