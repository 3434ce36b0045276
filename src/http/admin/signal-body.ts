import { getSchemaPath } from '@nestjs/swagger';
import { SIGNAL_TYPES } from '../../core/events/signal-types.js';
import { NDJSON_TYPE } from '../../platform/http/ndjson.js';
import { CLOUD_EVENT_TYPE_PREFIX } from '../../signals/cloud-events.js';
import { RecordedSignalsDto, SignalDto } from './dto/signal.dto.js';

const SIGNAL = {
  provider: 'acme',
  id: 'evt-8841',
  type: 'session.revoked',
  occurredAt: '2026-11-21T17:00:00Z',
  subject: { user: { id: 'u-31', email: 'ana@acme.test' }, session: { id: 's-77' } },
};
const { provider, subject } = SIGNAL;
const CLOUD_EVENT = {
  specversion: '1.0',
  id: 'evt-8841',
  source: '/idp/eu',
  type: `${CLOUD_EVENT_TYPE_PREFIX}session.revoked`,
  time: '2026-11-21T17:00:00Z',
  data: { provider, subject },
};

const STRING = { type: 'string' };
const CLOUD_EVENT_SCHEMA = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'data'],
  properties: {
    specversion: { ...STRING, enum: ['1.0'] },
    id: { ...STRING, description: 'With `source` the id of the signal: `source`, a space, `id`' },
    source: { ...STRING, format: 'uri-reference' },
    type: {
      enum: Object.keys(SIGNAL_TYPES).flatMap((type) => [type, CLOUD_EVENT_TYPE_PREFIX + type]),
      description: 'The type of the signal, with or without the prefix',
    },
    time: { ...STRING, format: 'date-time', description: 'When it happened; default: now' },
    data: {
      type: 'object',
      description: 'The signal, without `id`, `type` and `occurredAt`; a source may leave `provider` out',
      required: ['subject'],
      properties: { subject: { type: 'object', additionalProperties: true } },
      additionalProperties: true,
    },
  },
  additionalProperties: true,
};

const MANY = { type: 'array', minItems: 1, maxItems: 1000 };

/** Every form that signals are taken in, for the description of the API. */
export const SIGNAL_CONTENT = {
  'application/json': {
    schema: {
      anyOf: [
        { $ref: getSchemaPath(SignalDto) },
        { ...MANY, items: { $ref: getSchemaPath(SignalDto) } },
        {
          type: 'object',
          description: '`data` of a CloudEvent whose attributes are headers: `ce-id` and so on',
        },
      ],
    },
    examples: { signal: { value: SIGNAL }, several: { value: [SIGNAL] } },
  },
  'application/cloudevents+json': {
    schema: CLOUD_EVENT_SCHEMA,
    examples: { structured: { value: CLOUD_EVENT } },
  },
  'application/cloudevents-batch+json': {
    schema: { ...MANY, items: CLOUD_EVENT_SCHEMA },
    examples: { batch: { value: [CLOUD_EVENT] } },
  },
  [NDJSON_TYPE]: {
    schema: { ...STRING, description: 'A signal per line' },
    examples: { lines: { value: `${JSON.stringify(SIGNAL)}\n` } },
  },
};

const PROGRESS = [
  {
    batch: 1,
    throughLine: 1000,
    accepted: 998,
    duplicates: 1,
    errors: [{ line: 17, errors: [{ member: 'type', message: 'must be one of ...' }] }],
  },
  { complete: true, throughLine: 1000, accepted: 998, duplicates: 1, errors: 1 },
];

/** The answer to each of them. */
export const RECORDED_CONTENT = {
  'application/json': { schema: { $ref: getSchemaPath(RecordedSignalsDto) } },
  [NDJSON_TYPE]: {
    schema: { ...STRING, description: 'A line about each batch, and the summary' },
    examples: { progress: { value: PROGRESS.map((line) => `${JSON.stringify(line)}\n`).join('') } },
  },
};

const OF_SOURCE = { ...SIGNAL, provider: undefined };

/** What a signal source sends, by its profile. */
export const SOURCE_CONTENT = {
  'application/json': {
    schema: { type: 'object', additionalProperties: true },
    examples: {
      signal: { summary: 'profile signal', value: OF_SOURCE },
      keycloak: {
        summary: 'profile keycloak',
        value: {
          uid: '31db295f-4bc7-4ba0-b689-65197efb5c6e',
          time: 1795280400000,
          type: 'access.LOGOUT',
          authDetails: { userId: 'f7cd3491-7c6c-480c-bc5c-b2b3b0fb048c' },
        },
      },
      logto: {
        summary: 'profile logto',
        value: {
          hookId: 'hook-1',
          event: 'User.Deleted',
          createdAt: '2026-11-21T17:00:00.000Z',
          data: { id: 'u3xk1' },
        },
      },
      authentik: {
        summary: 'profile authentik',
        value: {
          pk: 'f00f54e7-2b38-421f-bc78-e61f950048d6',
          action: 'logout',
          user: { pk: 31, email: 'ana@acme.test' },
          created: '2026-11-21T17:00:00Z',
        },
      },
    },
  },
  'application/cloudevents+json': {
    schema: CLOUD_EVENT_SCHEMA,
    examples: { cloudevents: { value: { ...CLOUD_EVENT, data: { subject } } } },
  },
};
