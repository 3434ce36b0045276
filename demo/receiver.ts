/**
 * A receiver of Security Event Tokens, in a process of its own: it knows nothing of the transmitter but the issuer
 * and a token, finds the rest in the metadata, and believes a SET only when its signature and claims are right.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { type Command, preciseNow, type Report, type SetClaims } from './messages.js';
import { reasonOf } from './reason-of.js';

const PUSH = 'urn:ietf:rfc:8935';
const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const LARGEST_SET_BYTES = 256 * 1024;

/** What was agreed when the stream was created. */
interface Subscription {
  readonly issuer: string;
  readonly audience: string | string[];
  readonly keys: JWTVerifyGetKey;
  readonly state: string;
}

interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly configuration_endpoint: string;
  readonly verification_endpoint: string;
  readonly delivery_methods_supported: readonly string[];
}

interface StreamConfiguration {
  readonly stream_id: string;
  readonly iss: string;
  readonly aud: string | string[];
  readonly events_delivered: readonly string[];
}

/** RFC 8935 section 2.3: what is wrong with a SET, for the transmitter. */
class SetError extends Error {
  constructor(
    readonly err: string,
    readonly description: string,
  ) {
    super(`${err}: ${description}`);
  }
}

/** The transmitter sends it back with each SET (SSF 1.0 section 6.1.1). */
const authorizationHeader = `Bearer ${randomBytes(24).toString('base64url')}`;
const knownJtis = new Set<string>();
let subscription: Subscription | undefined;
let isRefusing = false;

const server = createServer((request, response) => {
  receive(request, response).catch((error: unknown) => {
    fail(error);
    response.writeHead(500).end();
  });
});
process.on('message', (command: Command) => {
  obey(command).catch(fail);
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => report({ is: 'listening', endpointUrl: endpointUrl() }));

async function obey(command: Command): Promise<void> {
  switch (command.do) {
    case 'subscribe':
      await subscribe(command);
      return;
    case 'refuse':
      isRefusing = true;
      report({ is: 'refusing' });
      return;
    case 'accept':
      isRefusing = false;
      report({ is: 'accepting' });
      return;
  }
}

async function subscribe({ issuer, token, events }: Command & { do: 'subscribe' }): Promise<void> {
  const discovery = await call('GET', wellKnownUrl(issuer));
  const metadata = discovery.body as Metadata;
  if (metadata.issuer !== issuer) throw new Error(`the metadata is of another issuer, ${metadata.issuer}`);
  if (!metadata.delivery_methods_supported.includes(PUSH)) throw new Error('the transmitter does not push');
  tell(discovery, 'the issuer is the expected one');

  const creation = await call('POST', metadata.configuration_endpoint, token, {
    delivery: { method: PUSH, endpoint_url: endpointUrl(), authorization_header: authorizationHeader },
    events_requested: events,
    description: 'Sign-outs and changes of credentials',
  });
  const stream = creation.body as StreamConfiguration;
  if (stream.iss !== issuer) throw new Error(`the stream is of another issuer, ${stream.iss}`);
  const missing = events.filter((event) => !stream.events_delivered.includes(event));
  if (missing.length > 0) throw new Error(`the stream does not deliver ${missing.join(', ')}`);
  tell(creation, `push to ${endpointUrl()}`);

  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const state = randomBytes(12).toString('base64url');
  subscription = { issuer, audience: stream.aud, keys, state };
  report({ is: 'verifying', streamId: stream.stream_id, state, at: preciseNow() });
  const verification = { stream_id: stream.stream_id, state };
  tell(await call('POST', metadata.verification_endpoint, token, verification), `with the state ${state}`);
}

/** SSF 1.0 section 7.2.1: between host and path. */
function wellKnownUrl(issuer: string): string {
  const { origin, pathname } = new URL(issuer);
  return `${origin}/.well-known/ssf-configuration${pathname.replace(/\/$/, '')}`;
}

interface Answer {
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
}

async function call(method: string, url: string, token?: string, body?: object): Promise<Answer> {
  const request = `${method} ${new URL(url).pathname}`;
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${request} was answered with ${response.status} ${text}`);
  return { request, status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

function tell({ request, status }: Answer, note: string): void {
  report({ is: 'answered', request, status, note });
}

/** RFC 8935 section 2: 202 when the SET is accepted, also a second time; 400 with the reason when it is not. */
async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = await readBody(request);
  const receivedAt = preciseNow();
  if (isRefusing) {
    response.writeHead(503).end();
    report({ is: 'refused', jti: decodeJwt(token).jti ?? '' });
    return;
  }
  try {
    const { header, claims } = await verifySet(request, token);
    const isKnown = knownJtis.has(claims.jti);
    knownJtis.add(claims.jti); // a real receiver acts on the event, or stores it, before it answers
    response.writeHead(202).end();
    if (!isKnown) report({ is: 'received', set: { header, claims, receivedAt } });
  } catch (error) {
    if (!(error instanceof SetError)) throw error;
    const { err, description } = error;
    response
      .writeHead(400, { 'content-type': 'application/json', 'content-language': 'en' })
      .end(JSON.stringify({ err, description }));
    fail(new Error(`a SET was rejected: ${error.message}`));
  }
}

async function verifySet(request: IncomingMessage, token: string) {
  if (!subscription) throw new SetError('access_denied', 'there is no subscription');
  const { issuer, audience, keys } = subscription;
  if (!isEqual(request.headers.authorization ?? '', authorizationHeader))
    throw new SetError('authentication_failed', 'the Authorization header is not the one of the stream');
  if (request.headers['content-type'] !== 'application/secevent+jwt')
    throw new SetError('invalid_request', 'the content type must be application/secevent+jwt');
  try {
    const options = {
      typ: 'secevent+jwt',
      issuer,
      audience,
      requiredClaims: ['jti', 'iat', 'sub_id', 'events'],
    };
    const { protectedHeader, payload } = await jwtVerify(token, keys, options);
    return { header: { ...protectedHeader }, claims: checkClaims(payload, subscription.state) };
  } catch (error) {
    throw toSetError(error);
  }
}

function checkClaims(claims: JWTPayload, state: string): SetClaims & Record<string, unknown> {
  const { jti, txn, events } = claims;
  if (typeof jti !== 'string' || typeof events !== 'object' || events === null)
    throw new SetError('invalid_request', 'jti must be a string and events an object');
  if (txn !== undefined && typeof txn !== 'string')
    throw new SetError('invalid_request', 'txn must be a string');
  const verification = (events as SetClaims['events'])[VERIFICATION];
  // SSF 1.0 section 8.1.4.1; a verification without state is one that the transmitter sends of its own accord
  if (verification?.state !== undefined && verification.state !== state)
    throw new SetError('invalid_state', 'this state was not asked for');
  return { ...claims, jti, txn, events: events as SetClaims['events'] };
}

/** RFC 8935 section 2.4. */
function toSetError(error: unknown): SetError {
  if (error instanceof SetError) return error;
  if (error instanceof errors.JWTClaimValidationFailed) {
    const codes: Record<string, string> = { iss: 'invalid_issuer', aud: 'invalid_audience' };
    return new SetError(codes[error.claim] ?? 'invalid_request', error.message);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return new SetError('invalid_key', error.message);
  if (error instanceof errors.JOSEError) return new SetError('invalid_request', error.message);
  throw error;
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_SET_BYTES) throw new Error('a request is too large for a SET');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function endpointUrl(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
}

function report(message: Report): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  report({ is: 'failed', reason: `the receiver: ${reasonOf(error)}` });
}
