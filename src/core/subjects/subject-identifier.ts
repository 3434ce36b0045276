/** The Subject Identifier formats that this transmitter knows (RFC 9493 section 3.2, SSF 1.0 sections 3.3 and 3.5). */
export const SUBJECT_FORMATS = [
  'account',
  'email',
  'iss_sub',
  'opaque',
  'phone_number',
  'did',
  'uri',
  'aliases',
  'jwt_id',
  'saml_assertion_id',
  'ip-addresses',
  'complex',
] as const;

/** A Subject Identifier as it stands on the wire (RFC 9493 section 3): `format` and the members of that format. */
export type SubjectIdentifier = { readonly format: string; readonly [member: string]: unknown };
