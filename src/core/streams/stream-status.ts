import { invalidRequest } from '../errors.js';

/** SSF 1.0 section 8.1.2.1. */
export const STREAM_STATUSES = ['enabled', 'paused', 'disabled'] as const;

export type StreamStatus = (typeof STREAM_STATUSES)[number];

/**
 * @param member the path that the error names; default `status`
 * @throws SsfError `invalid_request` unless the value is `enabled`, `paused` or `disabled`
 */
export function parseStreamStatus(value: unknown, member = 'status'): StreamStatus {
  const status = STREAM_STATUSES.find((known) => known === value);
  if (!status) throw invalidRequest({ member, message: `must be one of ${STREAM_STATUSES.join(', ')}` });
  return status;
}
