/** The JWS algorithms that SETs can be signed with; the CAEP Interoperability Profile section 2.6 asks for RS256. */
export const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];
