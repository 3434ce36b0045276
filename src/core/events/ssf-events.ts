import { choiceClaim } from './event-claims.js';
import type { EventDefinition } from './event-definition.js';
import { SSF } from './event-uris.js';
import { STREAM_STATUSES } from '../streams/stream-status.js';

/** The event types about the stream itself, which every stream may get (SSF 1.0 sections 8.1.4 and 8.1.5). */
export const SSF_EVENTS: readonly EventDefinition[] = [
  {
    uri: SSF.verification,
    family: 'ssf',
    name: 'verification',
    title: 'Verification',
    specification: 'SSF 1.0 section 8.1.4.1',
    schema: {
      type: 'object',
      properties: {
        state: { type: 'string', description: 'What the receiver sent with its request, unchanged' },
      },
    },
    example: { state: 'c3RhdGUtMQ' },
    subjectFormats: ['opaque'],
  },
  {
    uri: SSF.streamUpdated,
    family: 'ssf',
    name: 'stream-updated',
    title: 'Stream updated',
    specification: 'SSF 1.0 section 8.1.5',
    schema: {
      type: 'object',
      properties: {
        status: choiceClaim('The new status of the stream', STREAM_STATUSES),
        reason: { type: 'string', description: 'Why the status changed' },
      },
      required: ['status'],
    },
    example: { status: 'paused', reason: 'The push endpoint keeps failing.' },
    subjectFormats: ['opaque'],
  },
];
