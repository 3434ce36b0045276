import type { AdminRole } from '../../core/admin-role.js';
import type { SigningAlgorithm } from '../../core/set/signing-algorithm.js';
import type { SignalSubject } from '../../core/subjects/signal-subject.js';

/** Who calls the receiver API, once authenticated. */
export interface ReceiverPrincipal {
  readonly applicationId: string;
  readonly scopes: readonly string[];
}

/** The facts of a request that an authenticator may need, whatever the HTTP adapter. */
export interface AuthenticationRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress: string | undefined;
  /** the bearer token of the Authorization header (RFC 6750 section 2.1) */
  readonly bearerToken: string;
}

export type ReceiverRequest = AuthenticationRequest;

/**
 * How a host authenticates receivers itself. Answers the application and its scopes, or undefined when the
 * credential is not valid. Anything thrown is an internal error, never an admission.
 */
export interface ReceiverAuthenticator {
  authenticate(request: ReceiverRequest): Promise<ReceiverPrincipal | undefined>;
}

/** Who calls the admin API, once authenticated. */
export interface AdminPrincipal {
  /** what the audit log knows the administrator by, for ever: up to 1,000 characters */
  readonly id: string;
  /** how people call it, for the audit log */
  readonly name?: string | undefined;
  readonly role: AdminRole;
}

/**
 * How a host authenticates its own administrators, beside what is built in: it is asked about tokens that are neither
 * the transmitter's own nor of the issuer of `adminOidc`. Undefined when the credential is not valid. Anything thrown is
 * an internal error, never an admission.
 */
export interface AdminAuthenticator {
  authenticate(request: AuthenticationRequest): Promise<AdminPrincipal | undefined>;
}

/** An event, and the application that it would go to, for the host to judge. */
export interface AccessQuestion {
  /** slug of the provider */
  readonly provider: string;
  readonly application: {
    readonly id: string;
    readonly slug: string;
    /** its id at the identity provider */
    readonly clientId: string | null;
  };
  /** of the signal, as it was recorded: with every identifier, groups and tenant */
  readonly subject: SignalSubject;
  /** URI of the event type */
  readonly eventType: string;
}

/**
 * Whether an application may know of what happened to a subject (SSF 1.0 section 9.2). Anything but `true` is no. It is
 * asked for each signal and application that would get a SET of it, outside of any transaction, and may be asked again.
 *
 * While it throws, or does not answer in time, the signal waits, and those behind it: nothing is sent and nothing lost.
 */
export type CanReceive = (question: AccessQuestion) => boolean | Promise<boolean>;

/** The part of EventEmitter2 that is needed to listen. */
export interface HostEmitter {
  on(event: string, listener: (...values: unknown[]) => unknown): unknown;
  off(event: string, listener: (...values: unknown[]) => unknown): unknown;
}

/**
 * Events of the host's own emitter that are recorded as signals. `toSignals` gives the signals of one event (the
 * body of `POST /api/v1/signals`), or undefined for none. Emit with `await emitter.emitAsync(...)`: until it
 * resolves the signal is in memory only, and with plain `emit` a failure to record is no more than logged.
 */
export interface HostEvents {
  readonly emitter: HostEmitter;
  readonly map: Readonly<Record<string, (...values: unknown[]) => unknown>>;
}

/** A key pair of which the private half stays in the vault. */
export interface VaultKey {
  /** what the vault finds it by: 1 to 200 printable ASCII characters without spaces, no secret */
  readonly keyId: string;
  /** the public half, as a JWK (RFC 7517) */
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/**
 * Keeps signing keys and signs with them: a KMS, an HSM, a process of its own. Private keys then never enter this
 * process or its database. Each call has `signerTimeoutMs`, and `createKey` ten
 * times that; one that throws, or does not answer in time, may be made
 * again. It is never called inside a transaction.
 *
 * While it fails, SETs wait: nothing is sent and nothing lost. Each signature is verified before it is used.
 */
export interface KeyVault {
  /** For logs and errors, such as `KMS in eu-central-1`; no secret. */
  readonly name: string;
  /** Makes a key that signs with this algorithm; RSA keys have 2048 to 4096 bits. */
  createKey(algorithm: SigningAlgorithm): Promise<VaultKey>;
  /** A key that is there already; undefined when there is none. */
  findKey(keyId: string): Promise<VaultKey | undefined>;
  /**
   * The signature of these bytes as JWS has it (RFC 7518 section 3, RFC 8037 section 3.1): of ES256 the 64 bytes of R and
   * S, not their DER form. Hashing is the vault's part.
   */
  sign(keyId: string, algorithm: SigningAlgorithm, signingInput: Uint8Array): Promise<Uint8Array>;
}
