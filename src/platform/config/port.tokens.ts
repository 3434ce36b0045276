/** The host's events (ports.ts, `HostEvents`), or undefined. */
export const HOST_EVENTS = Symbol('SSF_HOST_EVENTS');
/** The host's word on who may know of what (ports.ts, `CanReceive`), or undefined. */
export const HOST_CAN_RECEIVE = Symbol('SSF_HOST_CAN_RECEIVE');
/** The host's way to authenticate receivers (ports.ts, `ReceiverAuthenticator`), or undefined. */
export const HOST_RECEIVER_AUTHENTICATOR = Symbol('SSF_HOST_RECEIVER_AUTHENTICATOR');
/** The host's way to authenticate administrators (ports.ts, `AdminAuthenticator`), or undefined. */
export const HOST_ADMIN_AUTHENTICATOR = Symbol('SSF_HOST_ADMIN_AUTHENTICATOR');
/** The host's own place for signing keys (ports.ts, `KeyVault`), or undefined. */
export const HOST_KEY_VAULT = Symbol('SSF_HOST_KEY_VAULT');
