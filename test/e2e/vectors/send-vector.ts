import type { NewToken } from '../../support/api-types.js';
import { createToken } from '../../support/scenario.js';
import type { Answer } from '../../support/http.js';
import type { HttpVector } from './http-vectors.js';
import type { Situation } from './situation.js';

/** How a vector went. */
export interface Exchange {
  readonly vector: HttpVector;
  readonly situation: Situation;
  /** the request's body as it was sent */
  readonly body: unknown;
  readonly answer: Answer;
  readonly elapsedMs: number;
}

interface Operation {
  readonly method: string;
  readonly url: (situation: Situation) => string;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: { method: 'POST', url: ({ party }) => party.metadata.configuration_endpoint },
  read: { method: 'GET', url: ({ party }) => party.metadata.configuration_endpoint },
  patch: { method: 'PATCH', url: ({ party }) => party.metadata.configuration_endpoint },
  put: { method: 'PUT', url: ({ party }) => party.metadata.configuration_endpoint },
  delete: { method: 'DELETE', url: ({ party }) => party.metadata.configuration_endpoint },
  'status-get': { method: 'GET', url: ({ party }) => party.metadata.status_endpoint },
  'status-set': { method: 'POST', url: ({ party }) => party.metadata.status_endpoint },
  'subject-add': { method: 'POST', url: ({ party }) => party.metadata.add_subject_endpoint },
  'subject-remove': { method: 'POST', url: ({ party }) => party.metadata.remove_subject_endpoint },
  verify: { method: 'POST', url: ({ party }) => party.metadata.verification_endpoint },
  poll: { method: 'POST', url: ({ stream }) => stream.delivery.endpoint_url },
};

/** Sends the vector's request as it stands, with its placeholders filled. */
export async function sendVector(vector: HttpVector, situation: Situation): Promise<Exchange> {
  const operation = OPERATIONS[vector.operation];
  if (!operation) throw new Error(`nobody knows the operation "${vector.operation}"`);
  const { query = {}, raw, headers = {}, auth } = vector.request;
  const body = raw ?? filled(vector.request.body, situation);
  const url = new URL(operation.url(situation));
  for (const [name, value] of Object.entries(query))
    url.searchParams.set(name, String(filled(value, situation)));
  if (auth === 'query') url.searchParams.set('access_token', situation.party.tokens.own);
  const token = await tokenFor(auth, situation);
  const startedAt = performance.now();
  const [answer] = await Promise.all([
    situation.call(url.href, { method: operation.method, token, body, headers }),
    situation.meanwhile?.(),
  ]);
  return { vector, situation, body, answer, elapsedMs: performance.now() - startedAt };
}

async function tokenFor(auth: string | undefined, situation: Situation): Promise<string | undefined> {
  const [kind = '', scope = ''] = (auth ?? 'own').split(':');
  switch (kind) {
    case 'own':
      return situation.party.tokens.own;
    case 'none':
    case 'query':
      return undefined;
    case 'invalid':
      return 'ssf_that-nobody-was-given';
    case 'foreign':
      return situation.party.tokens.foreign;
    case 'scope':
      return createToken(situation.site.transmitter, situation.party.application, [scopeNamed(scope)]);
    default:
      throw new Error(`nobody knows the authentication "${auth}"`);
  }
}

/** The host of the vectors does not resolve, and the transmitter refuses such endpoints. */
const RECEIVER = 'https://rx.acme.test/';

/** Names and values that are placeholders, at any depth. */
function filled(value: unknown, situation: Situation): unknown {
  if (typeof value === 'string') return filledText(value, situation);
  if (Array.isArray(value)) return value.map((item) => filled(item, situation));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      String(filledText(name, situation)),
      filled(member, situation),
    ]),
  );
}

function filledText(text: string, situation: Situation): unknown {
  // a real receiver on this machine stands in for that host, at the same path
  if (text.startsWith(RECEIVER)) return `${situation.party.receiver.origin}/${text.slice(RECEIVER.length)}`;
  if (!text.startsWith('$')) return text;
  const jti = /^\$jti([1-9])$/.exec(text);
  if (jti) return known(situation.jtis[Number(jti[1]) - 1], text);
  switch (text) {
    case '$own':
      return situation.stream.stream_id;
    case '$foreign':
      return situation.foreign;
    case '$deleted':
      return situation.deleted;
    case '$iss':
      return situation.stream.iss;
    case '$aud':
      return situation.stream.aud;
    case '$current_delivered':
      return situation.stream.events_delivered;
    default:
      throw new Error(`nobody knows the placeholder ${text}`);
  }
}

function known(value: string | undefined, placeholder: string): string {
  if (value === undefined) throw new Error(`there is no ${placeholder} in this situation`);
  return value;
}

function scopeNamed(name: string): NewToken['scopes'][number] {
  if (name === 'ssf.read' || name === 'ssf.manage') return name;
  throw new Error(`nobody knows the scope "${name}"`);
}
