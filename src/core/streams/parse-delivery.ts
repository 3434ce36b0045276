import { invalidRequest } from '../errors.js';
import { isJsonObject } from '../json-object.js';
import { isText } from '../text.js';
import { LEGACY_POLL, LEGACY_PUSH, normaliseDeliveryMethod, POLL, PUSH } from './delivery-method.js';

export type RequestedDelivery =
  | {
      readonly method: 'push';
      readonly endpointUrl: string;
      /** the value of the `Authorization` header of every push; `''` (in an update only): remove the one there is */
      readonly authorizationHeader?: string;
      readonly usesLegacyUri?: true;
    }
  | { readonly method: 'poll'; readonly usesLegacyUri?: true };

export interface ParseDeliveryOptions {
  /** take the delivery method URIs of the RISC drafts */
  readonly legacy: boolean;
  /** take an empty `authorization_header`, which removes the one there is; for updates; default false */
  readonly headerRemovable?: boolean;
}

const MAX_URL_LENGTH = 2048;
const MAX_HEADER_LENGTH = 8192;

/**
 * Parses the `delivery` of a stream request (SSF 1.0 section 6.1). Whether the endpoint may be called at all is for
 * the outbound client to say. The `endpoint_url` of poll delivery is the transmitter's to choose, and ignored.
 *
 * @throws SsfError `invalid_request`, naming `delivery` or a member of it
 */
export function parseDelivery(value: unknown, options: ParseDeliveryOptions): RequestedDelivery {
  if (!isJsonObject(value)) throw invalidRequest({ member: 'delivery', message: 'must be an object' });
  const method = normaliseDeliveryMethod(value.method, options);
  if (!method) {
    throw invalidRequest({ member: 'delivery.method', message: `must be ${PUSH} (push) or ${POLL} (poll)` });
  }
  // a receiver from before 1.0 is answered in the URIs that it knows
  const legacy =
    value.method === LEGACY_PUSH || value.method === LEGACY_POLL ? { usesLegacyUri: true as const } : {};
  if (method === 'poll') return { method, ...legacy };
  const header = value.authorization_header;
  return {
    method,
    ...legacy,
    endpointUrl: parseEndpointUrl(value.endpoint_url),
    ...(header !== undefined && {
      authorizationHeader: parseHeader(header, options.headerRemovable ?? false),
    }),
  };
}

// SSF 1.0 section 6.1.1: the receiver supplies the URL. Credentials have their own member; a fragment is never sent.
function parseEndpointUrl(value: unknown): string {
  const fail = (message: string) => invalidRequest({ member: 'delivery.endpoint_url', message });
  if (!isText(value) || /[\s\p{Cc}]/u.test(value) || !URL.canParse(value))
    throw fail('must be an absolute URL');
  if (value.length > MAX_URL_LENGTH) throw fail(`must not be longer than ${MAX_URL_LENGTH} characters`);
  const { username, password } = new URL(value);
  if (username !== '' || password !== '')
    throw fail('must not contain credentials; use authorization_header');
  if (value.includes('#')) throw fail('must not have a fragment');
  return value;
}

// SSF 1.0 section 6.1.1: sent verbatim, so it must be a field value as RFC 9110 section 5.5 has it.
function parseHeader(value: unknown, removable: boolean): string {
  if (removable && value === '') return value;
  if (
    typeof value !== 'string' ||
    value.length > MAX_HEADER_LENGTH ||
    !/^[!-~](?:[ -~]*[!-~])?$/.test(value)
  ) {
    throw invalidRequest({
      member: 'delivery.authorization_header',
      message: `must be printable ASCII without spaces at either end, at most ${MAX_HEADER_LENGTH} characters`,
    });
  }
  return value;
}
