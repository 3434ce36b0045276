import { invalidRequest } from '../errors.js';
import { isJsonObject } from '../json-object.js';
import { isText } from '../text.js';
import { readReceiverError, type ReceiverError } from './receiver-error.js';

/** A poll request (RFC 8936 section 2.2). */
export interface PollRequest {
  /** how many SETs to return at most; absent: as many as the server likes; 0: none, only acknowledge */
  readonly maxEvents?: number;
  /** false: a long poll */
  readonly returnImmediately: boolean;
  /** the `jti`s that are acknowledged, without those that `setErrs` names, too: the error wins */
  readonly ack: string[];
  readonly setErrs: Map<string, ReceiverError>;
  /** the `jti`s that stood in both `ack` and `setErrs`, which is the receiver's mistake */
  readonly ackedAndFailed: string[];
}

/**
 * Parses the body of a poll request; unknown members are ignored.
 *
 * @throws SsfError `invalid_request`, naming the member
 */
export function parsePollRequest(body: unknown): PollRequest {
  if (!isJsonObject(body)) throw invalidRequest({ member: '', message: 'the body must be a JSON object' });
  const maxEvents = parseMaxEvents(body.maxEvents);
  const acked = parseAck(body.ack);
  const setErrs = parseSetErrs(body.setErrs);
  return {
    ...(maxEvents !== undefined && { maxEvents }),
    returnImmediately: parseReturnImmediately(body.returnImmediately),
    ack: acked.filter((jti) => !setErrs.has(jti)),
    setErrs,
    ackedAndFailed: acked.filter((jti) => setErrs.has(jti)),
  };
}

function parseMaxEvents(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw invalidRequest({ member: 'maxEvents', message: 'must be a non-negative integer' });
  }
  return value;
}

function parseReturnImmediately(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean')
    throw invalidRequest({ member: 'returnImmediately', message: 'must be a boolean' });
  return value;
}

function parseAck(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidRequest({ member: 'ack', message: 'must be an array of strings' });
  const jtis = value.map((jti: unknown, index) => {
    if (!isText(jti)) throw invalidRequest({ member: `ack[${index}]`, message: 'must be a string' });
    return jti;
  });
  return [...new Set(jtis)];
}

function parseSetErrs(value: unknown): Map<string, ReceiverError> {
  if (value === undefined) return new Map();
  if (!isJsonObject(value)) throw invalidRequest({ member: 'setErrs', message: 'must be an object' });
  return new Map(
    Object.entries(value).map(([jti, error]) => {
      if (!isText(jti))
        throw invalidRequest({ member: 'setErrs', message: 'has a member name that is not text' });
      const read = readReceiverError(error);
      if (!read)
        throw invalidRequest({ member: `setErrs.${jti}`, message: 'must be an object with a string err' });
      return [jti, read];
    }),
  );
}
