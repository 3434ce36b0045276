import addFormats from 'ajv-formats';
import { isNonEmptyText } from '../text.js';

/** A rule for one string: its JSON Schema, the check, and what to tell the caller when it fails. */
export interface IdentifierRule {
  readonly schema: { readonly type: 'string'; readonly [keyword: string]: unknown };
  readonly message: string;
  accepts(value: unknown): value is string;
}

const isUri = formatTest('uri');
const isIpv4 = formatTest('ipv4');
const isIpv6 = formatTest('ipv6');

export const NON_EMPTY_STRING = rule({ minLength: 1 }, 'must be a non-empty string', () => true);

// RFC 5322 section 3.4.1 (addr-spec, without the obsolete forms), with RFC 6532 section 3.2 for other scripts.
const ATEXT = "[\\w!#$%&'*+/=?^`{|}~\\u{a1}-\\u{10ffff}-]+";
const DOT_ATOM = `${ATEXT}(?:\\.${ATEXT})*`;
const QUOTED_STRING = '"(?:[^"\\\\\\p{Cc}]|\\\\[^\\p{Cc}])*"';
const DOMAIN_LITERAL = '\\[[^\\[\\]\\\\@\\s\\p{Cc}]+\\]';
const ADDR_SPEC = new RegExp(`^(?:${DOT_ATOM}|${QUOTED_STRING})@(?:${DOT_ATOM}|${DOMAIN_LITERAL})$`, 'u');

export const EMAIL = rule(
  { format: 'email' },
  'must be an e-mail address without a display name, such as ana@example.com',
  (value) => ADDR_SPEC.test(value),
);

// RFC 9493 section 3.2.5: E.164 with the international prefix.
const E164 = /^\+[1-9]\d{1,14}$/;

export const PHONE_NUMBER = rule(
  { pattern: E164.source },
  'must be an E.164 number with its international prefix, such as +15550100',
  (value) => E164.test(value),
);

// RFC 3986 sections 2 and 3.3.
const PERCENT_ENCODED = '%[\\da-fA-F]{2}';
const UNRESERVED_OR_SUB_DELIM = "[\\w.~!$&'()*+,;=-]";
const PATH_CHARACTER = `(?:[\\w.~!$&'()*+,;=:@-]|${PERCENT_ENCODED})`;

// RFC 7565 section 7: "acct" ":" userpart "@" host.
const ACCT_CHARACTER = `(?:${UNRESERVED_OR_SUB_DELIM}|${PERCENT_ENCODED})`;
const ACCT_HOST = `(?:${ACCT_CHARACTER}+|\\[[\\da-fA-F:.]+\\])`;
const ACCT_URI = new RegExp(`^acct:${UNRESERVED_OR_SUB_DELIM}${ACCT_CHARACTER}*@${ACCT_HOST}$`, 'i');

export const ACCOUNT_URI = rule(
  { format: 'uri', pattern: '^[aA][cC][cC][tT]:' },
  'must be an acct: URI, such as acct:ana@example.com',
  (value) => ACCT_URI.test(value),
);

// DID Core 1.0 sections 3.1 and 3.2: a bare DID, or a DID URL with path, query and fragment.
const DID_ID = `(?:[\\w.:-]|${PERCENT_ENCODED})*(?:[\\w.-]|${PERCENT_ENCODED})`;
const DID_PARTS = `(?:/(?:${PATH_CHARACTER}|/)*)?(?:\\?(?:${PATH_CHARACTER}|[/?])*)?(?:#(?:${PATH_CHARACTER}|[/?])*)?`;
const DID = new RegExp(`^did:[a-z\\d]+:${DID_ID}${DID_PARTS}$`);

export const DID_URL = rule(
  { format: 'uri', pattern: '^did:' },
  'must be a DID or a DID URL, such as did:example:123',
  (value) => DID.test(value),
);

export const ABSOLUTE_URI = rule({ format: 'uri' }, 'must be an absolute URI (RFC 3986)', isUri);

// RFC 7519 section 2: StringOrURI, any string, but with a ":" it is a URI.
export const ISSUER = rule(
  { minLength: 1 },
  'must be a non-empty string, and a URI if it contains a colon',
  (value) => !value.includes(':') || isUri(value),
);

// RFC 4001 section 3: the textual form of an IPv4 or IPv6 address.
export const IP_ADDRESS = rule(
  { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
  'must be an IPv4 or IPv6 address',
  (value) => isIpv4(value) || isIpv6(value),
);

function rule(
  keywords: Record<string, unknown>,
  message: string,
  test: (value: string) => boolean,
): IdentifierRule {
  return {
    schema: { type: 'string', ...keywords },
    message,
    accepts: (value): value is string => isNonEmptyText(value) && test(value),
  };
}

function formatTest(name: 'uri' | 'ipv4' | 'ipv6'): (value: string) => boolean {
  const format = addFormats.default.get(name);
  if (format instanceof RegExp) return (value) => format.test(value);
  if (typeof format === 'function') return (value) => format(value);
  throw new TypeError(`ajv-formats has no test for ${name}`);
}
