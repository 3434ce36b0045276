import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Application, Provider, StreamConfiguration } from './api-types.js';
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
  signal(members?: object): Record<string, unknown>;
}

export interface ConnectOptions {
  /** an existing provider, instead of a new one */
  readonly to?: Provider;
  /** members of a new provider */
  readonly provider?: object;
  /** members of the application */
  readonly application?: object;
  /** members of the create-stream request */
  readonly stream?: object;
  /** members of its `delivery` */
  readonly delivery?: object;
}

export function uniqueSlug(kind: string): string {
  return `${kind}-${randomBytes(5).toString('hex')}`;
}

/** A new provider; of a test's own, so that tests do not meet. Keys of ES256 are made fastest. */
export function createProvider({ admin }: Transmitter, members: object = {}): Promise<Provider> {
  const slug = uniqueSlug('p');
  return admin.create('/providers', {
    slug,
    name: `Provider ${slug}`,
    signingAlgorithm: 'ES256',
    ...members,
  });
}

/** A new application without the automatic verification event, unless asked for. */
export function createApplication(
  { admin }: Transmitter,
  provider: Provider,
  members: object = {},
): Promise<Application> {
  const slug = uniqueSlug('a');
  return admin.create('/applications', {
    providerId: provider.id,
    slug,
    name: `Application ${slug}`,
    verifyOnCreate: false,
    ...members,
  });
}

export async function createToken(
  { admin }: Transmitter,
  application: Application,
  scopes: readonly string[] = ['ssf.manage'],
  members: object = {},
): Promise<string> {
  const created = await admin.create<{ token: string }>(`/applications/${application.id}/tokens`, {
    scopes,
    ...members,
  });
  return created.token;
}

/** An application of the provider with a token, as its receiver sees the transmitter. */
export async function createReceiverApi(
  transmitter: Transmitter,
  provider: Provider,
  members: object = {},
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

export function sessionRevoked(provider: Provider, members: object = {}): Record<string, unknown> {
  return { provider: provider.slug, type: 'session.revoked', subject: { user: { id: 'u-31' } }, ...members };
}

/** So many signals of one kind, each with what `member` adds. */
export function signals(
  count: number,
  signal: (members: object) => object,
  member: (index: number) => object,
): object[] {
  return Array.from({ length: count }, (_, index) => signal(member(index)));
}

/** A subject of its own for each index. */
export function userNumber(index: number): object {
  return { subject: { user: { id: `user-${index}` } } };
}
