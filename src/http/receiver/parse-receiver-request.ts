import { invalidRequest } from '../../core/errors.js';
import { isJsonObject, type JsonObject } from '../../core/json-object.js';
import { parseStreamStatus, type StreamStatus } from '../../core/streams/stream-status.js';
import { parseSubject } from '../../core/subjects/parse-subject.js';
import type { SubjectIdentifier } from '../../core/subjects/subject-identifier.js';

/** Generous, since receivers put tokens of their own into it (SSF 1.0 section 8.1.4). */
const MAX_STATE_LENGTH = 4096;

const MAX_REASON_LENGTH = 1000;

/** Receivers from before 1.0 may leave `stream_id` out (streams.service.ts, `named`), and with it the whole body. */
export interface ParseOptions {
  readonly legacy: boolean;
}

export interface StatusRequest {
  readonly streamId: string | undefined;
  readonly status: StreamStatus;
  readonly reason?: string;
}

/** SSF 1.0 section 8.1.2.2. Throws `invalid_request`. */
export function parseStatusRequest(body: unknown, options: ParseOptions): StatusRequest {
  const { stream_id: streamId, status, reason } = bodyObject(body, options);
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MAX_REASON_LENGTH))
    throw invalidRequest({
      member: 'reason',
      message: `must be a string of at most ${MAX_REASON_LENGTH} characters`,
    });
  return {
    streamId: bodyStreamId(streamId, options),
    status: parseStreamStatus(status),
    ...(reason !== undefined && { reason }),
  };
}

export interface SubjectRequest {
  readonly streamId: string | undefined;
  readonly subject: SubjectIdentifier;
  readonly verified: boolean;
}

/** SSF 1.0 sections 8.1.3.2 and 8.1.3.3. Throws `invalid_request`. */
export function parseSubjectRequest(body: unknown, options: ParseOptions): SubjectRequest {
  const { stream_id: streamId, subject, verified } = bodyObject(body, options);
  if (verified !== undefined && typeof verified !== 'boolean')
    throw invalidRequest({ member: 'verified', message: 'must be a boolean' });
  return {
    streamId: bodyStreamId(streamId, options),
    subject: parseSubject(subject, { member: 'subject', legacyPhone: options.legacy }),
    verified: verified ?? true,
  };
}

export interface VerifyRequest {
  readonly streamId: string | undefined;
  readonly state: string | undefined;
}

/** SSF 1.0 section 8.1.4.2. Throws `invalid_request`. */
export function parseVerifyRequest(body: unknown, options: ParseOptions): VerifyRequest {
  const { stream_id: streamId, state } = bodyObject(body, options);
  if (state !== undefined && (typeof state !== 'string' || state.length > MAX_STATE_LENGTH))
    throw invalidRequest({
      member: 'state',
      message: `must be a string of at most ${MAX_STATE_LENGTH} characters`,
    });
  return { streamId: bodyStreamId(streamId, options), state };
}

/** What a receiver from before 1.0 may say in the body of a delete request. Throws `invalid_request`. */
export function parseLegacyDelete(body: unknown): string | undefined {
  return bodyStreamId(bodyObject(body, { legacy: true }).stream_id, { legacy: true });
}

/** The `stream_id` of the query. Throws `invalid_request` when it is absent, except for older receivers, or given twice. */
export function queryStreamId(value: unknown, { legacy }: ParseOptions): string | undefined {
  const streamId = optionalStreamId(value);
  if (streamId === undefined && !legacy)
    throw invalidRequest({ member: 'stream_id', message: 'is required in the query' });
  return streamId;
}

export function optionalStreamId(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '')
    throw invalidRequest({ member: 'stream_id', message: 'must be given once' });
  return value;
}

function bodyObject(body: unknown, { legacy }: ParseOptions): JsonObject {
  if (body === undefined && legacy) return {};
  if (!isJsonObject(body)) throw invalidRequest({ member: '', message: 'the body must be a JSON object' });
  return body;
}

function bodyStreamId(value: unknown, { legacy }: ParseOptions): string | undefined {
  if (value === undefined && legacy) return undefined;
  if (typeof value !== 'string' || value === '')
    throw invalidRequest({ member: 'stream_id', message: 'must be a string' });
  return value;
}
