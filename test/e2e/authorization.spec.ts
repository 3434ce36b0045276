import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiDescription, type Operation } from '../support/api-description.js';
import type { NewToken, Problem, Provider } from '../support/api-types.js';
import { type Answer, call } from '../support/http.js';
import {
  createAdminToken,
  createApplication,
  createProvider,
  createSource,
  createToken,
  issueToken,
} from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

// Every operation of both descriptions with every kind of credential. Whoever adds an operation adds its row here.

/** What is asked of an administrator, the least that is enough. */
const ADMIN_API = {
  viewer: [
    'exportAuditLog',
    'getApplication',
    'getCurrentAdministrator',
    'getPairwiseSubject',
    'getProvider',
    'getRecovery',
    'getSet',
    'getSignal',
    'getSource',
    'getStats',
    'getStream',
    'getStreamRecovery',
    'listAdminTokens',
    'listApplications',
    'listAuditLog',
    'listOAuthClients',
    'listProviders',
    'listRecoveries',
    'listSets',
    'listSignals',
    'listSigningKeys',
    'listSources',
    'listStreamRecoveries',
    'listStreams',
    'listSubjects',
    'listTokens',
    'listUnmappedEvents',
    'previewApplicationDeletion',
    'previewProviderDeletion',
    'previewStreamDeletion',
    'readRetention',
  ],
  operator: [
    'cancelRecovery',
    'cancelStreamRecovery',
    'previewSignal',
    'recordSignals',
    'recoverStream',
    'redeliverSet',
    'redeliverSets',
    'updateStreamStatus',
    'verifyStreamAsAdministrator',
  ],
  admin: [
    'createAdminToken',
    'createApplication',
    'createOAuthClient',
    'createProvider',
    'createSource',
    'createStreamAsAdministrator',
    'createToken',
    'deleteApplication',
    'deleteOAuthClient',
    'deleteProvider',
    'deleteSigningKey',
    'deleteSource',
    'deleteStreamAsAdministrator',
    'importSigningKey',
    'purgeSubject',
    'renewSourceToken',
    'resealSecrets',
    'revokeAdminToken',
    'revokeToken',
    'rotateSigningKey',
    'updateApplication',
    'updateProvider',
    'updateSource',
  ],
  /** with the credential of the source in the path */
  source: ['sendEvents'],
} as const;

/** What is asked of a receiver. */
const RECEIVER_API = {
  public: [
    'discoverAuthorizationServer',
    'discoverIssuer',
    'discoverIssuerAtPath',
    'discoverRootIssuer',
    'readJwks',
    'readOAuthJwks',
    'readProtectedResource',
  ],
  'ssf.read': ['poll', 'readStatus', 'readStreams'],
  'ssf.manage': [
    'addSubject',
    'createStream',
    'deleteStream',
    'removeSubject',
    'replaceStream',
    'updateStatus',
    'updateStream',
    'verifyStream',
  ],
  /** an OAuth client shows itself in the form, or by Basic: a bearer token is no credential (RFC 6749 section 2.3) */
  client: ['introspectToken', 'requestToken', 'revokeAccessToken'],
} as const;

const CREDENTIALS = [
  'nothing',
  'garbage',
  'a revoked admin token',
  'an expired admin token',
  'viewer',
  'operator',
  'admin',
  'the token of the settings',
  'a revoked token',
  'an expired token',
  'ssf.read',
  'ssf.manage',
  "another tenant's token",
  'a source',
  "another tenant's source",
] as const;
type Credential = (typeof CREDENTIALS)[number];

type AdminNeed = keyof typeof ADMIN_API;
type ReceiverNeed = keyof typeof RECEIVER_API;
/** `in`: whatever comes next, it is no 401, no 403 and no defect. */
type Expected = number | 'in';

const ADMINISTRATORS = ['viewer', 'operator', 'admin', 'the token of the settings'];
const ENOUGH: Record<Exclude<AdminNeed, 'source'>, readonly string[]> = {
  viewer: ADMINISTRATORS,
  operator: ADMINISTRATORS.slice(1),
  admin: ADMINISTRATORS.slice(2),
};

function expectedOfAdminApi(need: AdminNeed, operationId: string, credential: Credential): Expected {
  if (need === 'source') return credential === 'a source' ? 'in' : 401;
  // its own provider is judged when the signal is read
  if (operationId === 'recordSignals' && credential.endsWith('source')) return 'in';
  if (ENOUGH[need].includes(credential)) return 'in';
  return ADMINISTRATORS.includes(credential) ? 403 : 401;
}

function expectedOfReceiverApi(need: ReceiverNeed, credential: Credential): Expected {
  if (need === 'public') return 'in';
  if (need === 'client') return 400;
  if (credential === 'ssf.manage' || credential === need) return 'in';
  if (credential === 'ssf.read') return 403;
  return credential === "another tenant's token" ? 404 : 401;
}

let transmitter: Transmitter;
let provider: Provider;
let source: string;
let tokens: Record<Credential, string | undefined>;
let admin: ApiDescription;
let receiver: ApiDescription;

beforeAll(async () => {
  transmitter = await startTransmitter({ delivery: false });
  [admin, receiver] = await Promise.all([describedBy('admin'), describedBy('receiver')]);
  const [own, stranger] = await Promise.all([createProvider(transmitter), createProvider(transmitter)]);
  provider = own;
  const [application, other] = await Promise.all([
    createApplication(transmitter, own),
    createApplication(transmitter, stranger),
  ]);
  const [ofOwn, ofStranger] = await Promise.all([
    createSource(transmitter, own),
    createSource(transmitter, stranger),
  ]);
  source = ofOwn.id;
  const token = (scope: NewToken['scopes'][number], members?: Partial<NewToken>): Promise<string> =>
    createToken(transmitter, application, [scope], members);
  const [revoked, revokedAdmin] = await Promise.all([
    issueToken(transmitter, application),
    createAdminToken(transmitter),
  ]);
  await transmitter.admin.delete(`/applications/${application.id}/tokens/${revoked.id}`);
  await transmitter.admin.delete(`/admin-tokens/${revokedAdmin.id}`);
  const expired = { expiresAt: '2026-01-01T00:00:00Z' };
  tokens = {
    nothing: undefined,
    garbage: 'ssf_admin_garbage',
    'a revoked admin token': revokedAdmin.token,
    'an expired admin token': (await createAdminToken(transmitter, expired)).token,
    viewer: (await createAdminToken(transmitter, { role: 'viewer' })).token,
    operator: (await createAdminToken(transmitter, { role: 'operator' })).token,
    admin: (await createAdminToken(transmitter)).token,
    'the token of the settings': transmitter.adminToken,
    'a revoked token': revoked.token,
    'an expired token': await token('ssf.manage', expired),
    'ssf.read': await token('ssf.read'),
    'ssf.manage': await token('ssf.manage'),
    "another tenant's token": await createToken(transmitter, other),
    'a source': ofOwn.token,
    "another tenant's source": ofStranger.token,
  };
});

afterAll(() => transmitter.stop());

function describedBy(name: string): Promise<ApiDescription> {
  return ApiDescription.read(`${transmitter.baseUrl}/docs/${name}.json`);
}

/** A request about what there is not, so that it changes nothing even where it is let in. */
function send({ method, path }: Operation, credential: Credential): Promise<Answer> {
  const ids: Record<string, string> = { slug: provider.slug, issuerPath: 'nobody' };
  if (path.endsWith('/events')) ids.id = source;
  const where = path.replace(/{(\w+)}/g, (_, name: string) => ids[name] ?? randomUUID());
  return call(`${transmitter.baseUrl}${where}`, {
    method,
    token: tokens[credential],
    ...(['POST', 'PATCH', 'PUT'].includes(method) && { body: {} }),
  });
}

/** Needs by operation, as the tables above have them. */
function needsOf<Need extends string>(table: Record<Need, readonly string[]>): Map<string, Need> {
  const rows = Object.entries<readonly string[]>(table);
  return new Map(rows.flatMap(([need, ids]) => ids.map((id) => [id, need as Need] as const)));
}

const ADMIN_NEEDS = needsOf<AdminNeed>(ADMIN_API);
const RECEIVER_NEEDS = needsOf<ReceiverNeed>(RECEIVER_API);

/** What each operation answered to a credential, if that is not what it should have. */
function problemOf({ operationId }: Operation, { status }: Answer, expected: Expected | undefined): string[] {
  const isIn = status < 500 && status !== 401 && status !== 403;
  const isRight = expected === 'in' ? isIn : status === expected;
  return isRight ? [] : [`${operationId}: ${status}, expected ${expected}`];
}

describe.each([
  ['admin', ADMIN_NEEDS, () => admin],
  ['receiver', RECEIVER_NEEDS, () => receiver],
] as const)('the table of the %s API', (_, needs, description) => {
  it('has a row for each operation, and for nothing else', () => {
    const described = description().operations.map(({ operationId }) => operationId);

    expect([...needs.keys()].toSorted()).toEqual(described.toSorted());
  });
});

describe.each(CREDENTIALS)('%s', (credential) => {
  it('is let in by the admin API where it should be, and nowhere else', async () => {
    const problems = await Promise.all(
      admin.operations.map(async (operation) => {
        const { operationId } = operation;
        const need = ADMIN_NEEDS.get(operationId);
        const answer = await send(operation, credential);
        if (answer.status === 401)
          expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="ssf"/);
        if (answer.status === 403)
          expect(answer.json<Problem>()).toMatchObject({
            code: 'forbidden',
            detail: `the role ${need} is needed`,
          });
        return problemOf(operation, answer, need && expectedOfAdminApi(need, operationId, credential));
      }),
    );

    expect(problems.flat()).toEqual([]);
  });

  it('is let in by the receiver API where it should be, and nowhere else', async () => {
    const problems = await Promise.all(
      receiver.operations.map(async (operation) => {
        const need = RECEIVER_NEEDS.get(operation.operationId);
        const answer = await send(operation, credential);
        return problemOf(operation, answer, need && expectedOfReceiverApi(need, credential));
      }),
    );

    expect(problems.flat()).toEqual([]);
  });
});

it('the description of the admin API says the role of each operation, and that others are refused', () => {
  for (const operation of admin.operations) {
    const { operationId, security, responses, description = '' } = operation;
    const need = ADMIN_NEEDS.get(operationId);
    if (need === 'source') continue;
    expect(operation['x-ssf-role'], operationId).toBe(need);
    expect(security, operationId).toContainEqual({ admin: [need] });
    expect(description, operationId).toContain(`Needs the role \`${need}\``);
    expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['401', '403', '429']));
  }
});
