import { invalidRequest } from '../../core/errors.js';
import { isJsonObject } from '../../core/json-object.js';

/** Generous, since receivers put tokens of their own into it (SSF 1.0 section 8.1.4). */
const MAX_STATE_LENGTH = 4096;

export interface VerifyRequest {
  readonly streamId: string;
  readonly state: string | undefined;
}

/** SSF 1.0 section 8.1.4.2. Throws `invalid_request`. */
export function parseVerifyRequest(body: unknown): VerifyRequest {
  if (!isJsonObject(body)) throw invalidRequest({ member: '', message: 'the body must be a JSON object' });
  const { stream_id: streamId, state } = body;
  if (typeof streamId !== 'string' || streamId === '')
    throw invalidRequest({ member: 'stream_id', message: 'must be a string' });
  if (state !== undefined && (typeof state !== 'string' || state.length > MAX_STATE_LENGTH))
    throw invalidRequest({
      member: 'state',
      message: `must be a string of at most ${MAX_STATE_LENGTH} characters`,
    });
  return { streamId, state };
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
