import { invalidRequest } from '../../core/errors.js';
import { isJsonObject, type JsonObject } from '../../core/json-object.js';
import { parseStreamStatus, type StreamStatus } from '../../core/streams/stream-status.js';
import { parseSubject } from '../../core/subjects/parse-subject.js';
import type { SubjectIdentifier } from '../../core/subjects/subject-identifier.js';

/** Generous, since receivers put tokens of their own into it (SSF 1.0 section 8.1.4). */
const MAX_STATE_LENGTH = 4096;

const MAX_REASON_LENGTH = 1000;

export interface StatusRequest {
  readonly streamId: string;
  readonly status: StreamStatus;
  readonly reason?: string;
}

/** SSF 1.0 section 8.1.2.2. Throws `invalid_request`. */
export function parseStatusRequest(body: unknown): StatusRequest {
  const { stream_id: streamId, status, reason } = bodyObject(body);
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MAX_REASON_LENGTH))
    throw invalidRequest({
      member: 'reason',
      message: `must be a string of at most ${MAX_REASON_LENGTH} characters`,
    });
  return {
    streamId: bodyStreamId(streamId),
    status: parseStreamStatus(status),
    ...(reason !== undefined && { reason }),
  };
}

export interface SubjectRequest {
  readonly streamId: string;
  readonly subject: SubjectIdentifier;
  readonly verified: boolean;
}

/** SSF 1.0 sections 8.1.3.2 and 8.1.3.3. Throws `invalid_request`. */
export function parseSubjectRequest(body: unknown, options: { legacy: boolean }): SubjectRequest {
  const { stream_id: streamId, subject, verified } = bodyObject(body);
  if (verified !== undefined && typeof verified !== 'boolean')
    throw invalidRequest({ member: 'verified', message: 'must be a boolean' });
  return {
    streamId: bodyStreamId(streamId),
    subject: parseSubject(subject, { member: 'subject', legacyPhone: options.legacy }),
    verified: verified ?? true,
  };
}

export interface VerifyRequest {
  readonly streamId: string;
  readonly state: string | undefined;
}

/** SSF 1.0 section 8.1.4.2. Throws `invalid_request`. */
export function parseVerifyRequest(body: unknown): VerifyRequest {
  const { stream_id: streamId, state } = bodyObject(body);
  if (state !== undefined && (typeof state !== 'string' || state.length > MAX_STATE_LENGTH))
    throw invalidRequest({
      member: 'state',
      message: `must be a string of at most ${MAX_STATE_LENGTH} characters`,
    });
  return { streamId: bodyStreamId(streamId), state };
}

/** The `stream_id` of the query. Throws `invalid_request` when it is absent or given twice. */
export function requiredStreamId(value: unknown): string {
  const streamId = optionalStreamId(value);
  if (streamId === undefined)
    throw invalidRequest({ member: 'stream_id', message: 'is required in the query' });
  return streamId;
}

export function optionalStreamId(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '')
    throw invalidRequest({ member: 'stream_id', message: 'must be given once' });
  return value;
}

function bodyObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw invalidRequest({ member: '', message: 'the body must be a JSON object' });
  return body;
}

function bodyStreamId(value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw invalidRequest({ member: 'stream_id', message: 'must be a string' });
  return value;
}
