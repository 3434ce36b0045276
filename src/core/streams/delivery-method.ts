/** Push delivery (SSF 1.0 section 6.1.1, RFC 8935). */
export const PUSH = 'urn:ietf:rfc:8935';
/** Poll delivery (SSF 1.0 section 6.1.2, RFC 8936). */
export const POLL = 'urn:ietf:rfc:8936';

/** The delivery method of RISC drafts before SSF 1.0, which some receivers still send. */
export const LEGACY_PUSH = 'https://schemas.openid.net/secevent/risc/delivery-method/push';
export const LEGACY_POLL = 'https://schemas.openid.net/secevent/risc/delivery-method/poll';

export type DeliveryMethod = 'push' | 'poll';

/**
 * The delivery method behind a URI; `undefined` when it is not supported.
 *
 * @param options.legacy whether the URIs of the RISC drafts are taken, too
 */
export function normaliseDeliveryMethod(
  uri: unknown,
  options: { legacy: boolean },
): DeliveryMethod | undefined {
  switch (uri) {
    case PUSH:
      return 'push';
    case POLL:
      return 'poll';
    case LEGACY_PUSH:
      return options.legacy ? 'push' : undefined;
    case LEGACY_POLL:
      return options.legacy ? 'poll' : undefined;
    default:
      return undefined;
  }
}
