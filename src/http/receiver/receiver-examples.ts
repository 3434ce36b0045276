import { CAEP } from '../../core/events/event-uris.js';
import { LEGACY_PUSH, POLL, PUSH } from '../../core/streams/delivery-method.js';

// What the description of the receiver API shows. The names are those of docs/receivers.md.

export const STREAM_ID = '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10';
export const ISSUER = 'https://idp.example/ssf/acme';
const RECEIVER = 'https://receiver.example';
const JTI = '01a1ffdd-8f3f-7000-8000-01c2a8d2e9a1';
const REFUSED_JTI = '01a1ffdd-8f40-7000-8000-005b1f7b2c7e';
const NEXT_JTI = '01a1ffdd-a01e-7000-8000-00e24b784662';

const PUSH_DELIVERY = { method: PUSH, endpoint_url: `${RECEIVER}/events` };
const EVENTS = [CAEP.sessionRevoked, CAEP.credentialChange];
const EMAIL = { format: 'email', email: 'ana@acme.test' };
const ISS_SUB = { format: 'iss_sub', iss: ISSUER, sub: 'u-31' };

export const METADATA = {
  spec_version: '1_0',
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/jwks.json`,
  delivery_methods_supported: [PUSH, POLL],
  configuration_endpoint: `${ISSUER}/streams`,
  status_endpoint: `${ISSUER}/status`,
  add_subject_endpoint: `${ISSUER}/subjects/add`,
  remove_subject_endpoint: `${ISSUER}/subjects/remove`,
  verification_endpoint: `${ISSUER}/verify`,
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }, { spec_urn: 'urn:ietf:rfc:6750' }],
  default_subjects: 'ALL',
  paused_stream_limits: { max_events: 1_000_000, max_seconds: 2_592_000 },
};

export const PROTECTED_RESOURCE = {
  resource: ISSUER,
  authorization_servers: ['https://login.example'],
  scopes_supported: ['ssf.read', 'ssf.manage'],
  bearer_methods_supported: ['header'],
};

export const JWK_SET = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      kid: 'k1',
      use: 'sig',
      alg: 'ES256',
    },
  ],
};

export const CREATE = {
  push: {
    delivery: { ...PUSH_DELIVERY, authorization_header: 'Bearer a-secret-of-your-own' },
    events_requested: EVENTS,
    description: 'production',
  },
  poll: { delivery: { method: POLL }, events_requested: EVENTS },
  'poll, with every event type that the application may have': {},
  'a receiver from before SSF 1.0 (legacy profile)': {
    iss: ISSUER,
    aud: [`${RECEIVER}/events`],
    delivery: { method: LEGACY_PUSH, endpoint_url: `${RECEIVER}/events` },
    events_requested: EVENTS,
    format: 'iss_sub',
  },
};

export const PUSH_STREAM = {
  stream_id: STREAM_ID,
  iss: ISSUER,
  aud: RECEIVER,
  delivery: PUSH_DELIVERY,
  events_supported: EVENTS,
  events_requested: EVENTS,
  events_delivered: EVENTS,
  min_verification_interval: 10,
  description: 'production',
};

export const POLL_STREAM = {
  stream_id: STREAM_ID,
  iss: ISSUER,
  aud: RECEIVER,
  delivery: { method: POLL, endpoint_url: `${ISSUER}/streams/${STREAM_ID}/poll` },
  events_supported: EVENTS,
  events_delivered: EVENTS,
  min_verification_interval: 10,
};

export const CHANGES = {
  'other events': { stream_id: STREAM_ID, events_requested: [CAEP.sessionRevoked] },
  'another push endpoint': {
    stream_id: STREAM_ID,
    delivery: { ...PUSH_DELIVERY, authorization_header: 'Bearer a-secret-of-your-own' },
  },
  'poll instead of push': { stream_id: STREAM_ID, delivery: { method: POLL } },
};

export const REPLACEMENTS = {
  'what was read, edited': { ...PUSH_STREAM, events_requested: [CAEP.sessionRevoked] },
  'poll and every event type, as everything is absent': { stream_id: STREAM_ID },
};

export const STATUS = { stream_id: STREAM_ID, status: 'enabled' };
export const PAUSED = { stream_id: STREAM_ID, status: 'paused', reason: 'maintenance until 18:00' };

export const VERIFICATIONS = {
  'with a state': { stream_id: STREAM_ID, state: 'c3RhdGUtMQ' },
  without: { stream_id: STREAM_ID },
};

export const SUBJECTS = {
  'by e-mail address': { stream_id: STREAM_ID, subject: EMAIL },
  'by the id that the issuer gave': { stream_id: STREAM_ID, subject: ISS_SUB },
  'a session of a user': {
    stream_id: STREAM_ID,
    subject: { format: 'complex', user: ISS_SUB, session: { format: 'opaque', id: 's-77' } },
  },
};

export const ADDED_SUBJECTS = {
  ...SUBJECTS,
  'not verified by the receiver': { stream_id: STREAM_ID, subject: EMAIL, verified: false },
};

export const SET_HEADER = { typ: 'secevent+jwt', alg: 'RS256', kid: 'k1' };

export const SET_CLAIMS = {
  iss: ISSUER,
  jti: NEXT_JTI,
  iat: 1795292514,
  aud: RECEIVER,
  txn: '01a1ffc5-ca82-75d6-bc26-9e934c2af506',
  sub_id: ISS_SUB,
  events: {
    [CAEP.sessionRevoked]: {
      event_timestamp: 1795292514,
      initiating_entity: 'admin',
      reason_admin: { en: 'Offboarding' },
    },
  },
};

/** with no signature that anybody could take for one */
export const SET = [JSON.stringify(SET_HEADER), JSON.stringify(SET_CLAIMS), 'signature']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

export const POLLS = {
  'a long poll': {},
  'what there is': { maxEvents: 25, returnImmediately: true },
  'acknowledge and no more': { ack: [JTI], maxEvents: 0, returnImmediately: true },
  'acknowledge one, refuse another, and fetch': {
    ack: [JTI],
    setErrs: { [REFUSED_JTI]: { err: 'invalid_audience', description: 'not for us' } },
    returnImmediately: true,
  },
};

export const POLL_ANSWERS = {
  'SETs, and more to fetch': { sets: { [NEXT_JTI]: SET }, moreAvailable: true },
  none: { sets: {} },
};
