import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { taken } from './admin-client.js';
import type {
  Application,
  CreatedAdminToken,
  CreatedToken,
  NewAdminToken,
  NewApplication,
  NewProvider,
  NewSource,
  NewToken,
  Provider,
  Signal,
  Source,
  StreamConfiguration,
} from './api-types.js';
import { PUSH, ReceiverClient } from './receiver-client.js';
import { TestReceiver } from './test-receiver.js';
import type { Transmitter } from './transmitter.js';

/** A receiver with a stream, and everything above it. */
export interface Connection {
  readonly provider: Provider;
  readonly application: Application;
  readonly api: ReceiverClient;
  readonly receiver: TestReceiver;
  readonly stream: StreamConfiguration;
  /** A signal about a user of this provider. */
  signal(members?: Partial<Signal>): Signal;
}

export interface ConnectOptions {
  /** an existing provider, instead of a new one */
  readonly to?: Provider;
  /** members of a new provider */
  readonly provider?: Partial<NewProvider>;
  /** members of the application */
  readonly application?: Partial<NewApplication>;
  /** members of the create-stream request */
  readonly stream?: object;
  /** members of its `delivery` */
  readonly delivery?: object;
}

export function uniqueSlug(kind: string): string {
  return `${kind}-${randomBytes(5).toString('hex')}`;
}

/** A new provider; of a test's own, so that tests do not meet. Keys of ES256 are made fastest. */
export function createProvider(
  { admin }: Pick<Transmitter, 'admin'>,
  members: Partial<NewProvider> = {},
): Promise<Provider> {
  const slug = uniqueSlug('p');
  const body = { slug, name: `Provider ${slug}`, signingAlgorithm: 'ES256' as const, ...members };
  return taken(admin.api.POST('/api/v1/providers', { body }));
}

/** A new application without the automatic verification event, unless asked for. */
export function createApplication(
  { admin }: Pick<Transmitter, 'admin'>,
  provider: Provider,
  members: Partial<NewApplication> = {},
): Promise<Application> {
  const slug = uniqueSlug('a');
  const own = { providerId: provider.id, slug, name: `Application ${slug}`, verifyOnCreate: false };
  return taken(admin.api.POST('/api/v1/applications', { body: { ...own, ...members } }));
}

export function issueToken(
  { admin }: Pick<Transmitter, 'admin'>,
  { id }: Pick<Application, 'id'>,
  members: Partial<NewToken> = {},
): Promise<CreatedToken> {
  const body = { scopes: ['ssf.manage' as const], ...members };
  return taken(admin.api.POST('/api/v1/applications/{id}/tokens', { params: { path: { id } }, body }));
}

export async function createToken(
  transmitter: Pick<Transmitter, 'admin'>,
  application: Pick<Application, 'id'>,
  scopes: NewToken['scopes'] = ['ssf.manage'],
  members: Partial<NewToken> = {},
): Promise<string> {
  return (await issueToken(transmitter, application, { scopes, ...members })).token;
}

/** A source of signals, of signals of our own form unless it is said otherwise. */
export function createSource(
  { admin }: Pick<Transmitter, 'admin'>,
  { id: providerId }: Pick<Provider, 'id'>,
  members: Partial<NewSource> = {},
): Promise<Source> {
  const slug = uniqueSlug('s');
  const body = { providerId, slug, name: `Source ${slug}`, profile: 'signal' as const, ...members };
  return taken(admin.api.POST('/api/v1/sources', { body }));
}

export function createAdminToken(
  { admin }: Pick<Transmitter, 'admin'>,
  members: Partial<NewAdminToken> = {},
): Promise<CreatedAdminToken> {
  const { role = 'admin' } = members;
  return taken(admin.api.POST('/api/v1/admin-tokens', { body: { name: `For ${role}`, role, ...members } }));
}

/** An application of the provider with a token, as its receiver sees the transmitter. */
export async function createReceiverApi(
  transmitter: Transmitter,
  provider: Provider,
  members: Partial<NewApplication> = {},
): Promise<{ application: Application; api: ReceiverClient }> {
  const application = await createApplication(transmitter, provider, members);
  const token = await createToken(transmitter, application);
  return { application, api: await ReceiverClient.discover(provider.configurationUrl, token) };
}

/** A receiver that ends with the test. */
export async function startReceiver(): Promise<TestReceiver> {
  const receiver = await TestReceiver.start();
  onTestFinished(() => receiver.close());
  return receiver;
}

/** A running receiver with a push stream. */
export async function connect(transmitter: Transmitter, options: ConnectOptions = {}): Promise<Connection> {
  const provider = options.to ?? (await createProvider(transmitter, options.provider));
  const { application, api } = await createReceiverApi(transmitter, provider, options.application);
  const receiver = await startReceiver();
  const { configurationUrl, issuer } = provider;
  receiver.believe({ configurationUrl, issuer, audience: application.audience });
  const stream = await api.createdStream({
    delivery: { method: PUSH, endpoint_url: receiver.url, ...options.delivery },
    ...options.stream,
  });
  return {
    provider,
    application,
    api,
    receiver,
    stream,
    signal: (members = {}) => sessionRevoked(provider, members),
  };
}

export function sessionRevoked(provider: Pick<Provider, 'slug'>, members: Partial<Signal> = {}): Signal {
  return { provider: provider.slug, type: 'session.revoked', subject: { user: { id: 'u-31' } }, ...members };
}

/** So many signals of one kind, each with what `member` adds. */
export function signals(
  count: number,
  signal: (members: Partial<Signal>) => Signal,
  member: (index: number) => Partial<Signal>,
): Signal[] {
  return Array.from({ length: count }, (_, index) => signal(member(index)));
}

/** A subject of its own for each index. */
export function userNumber(index: number): Partial<Signal> {
  return { subject: { user: { id: `user-${index}` } } };
}
