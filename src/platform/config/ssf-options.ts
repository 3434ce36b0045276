import type { CustomEventType } from '../../core/events/custom-event-types.js';
import {
  fitsLease,
  INTEGER_OPTION_NAMES,
  INTEGER_OPTIONS,
  type IntegerOption,
  type IntegerOptions,
  isInRange,
} from './integer-options.js';
import { type AdminOidc, type AdminOidcOptions, resolveAdminOidc } from './admin-oidc.js';
import type { AdminAuthenticator, CanReceive, HostEvents, KeyVault, ReceiverAuthenticator } from './ports.js';
import {
  checkCidrs,
  isLoopbackHost,
  parseDatabaseUrl,
  checkCertificates,
  parseEncryptionKey,
  parseUrl,
  SettingError,
} from './setting-parsers.js';
import { resolveSigner, type SignerOptions } from './signer-settings.js';

/** Options that shape the module: with `forRootAsync` they stand beside the factory, not in what it answers. */
export interface SsfStructure {
  /** Name of the host's TypeORM data source that holds the `ssf` schema. Default: the unnamed one. */
  readonly dataSource?: string;
  /** Serve the admin API at `/api/v1`. Needs `adminToken`, `adminOidc` or `adminAuthenticator`. Default: true. */
  readonly adminApi?: boolean;
  /** Serve the SSF wire API and discovery. Default: true. */
  readonly receiverApi?: boolean;
  /** Serve the OAuth authorization server at `/oauth`. Needs `receiverApi`. Default: true, but false with
   * `receiverAuthenticator`, which would not take its tokens. */
  readonly authorizationServer?: boolean;
  /** Path prefix of `/api/v1`, `/ssf` and `/oauth`; `/.well-known` stays at the root (SSF 1.0 section 7.2.1). Default: none. */
  readonly routePrefix?: string;
}

/** Options of `SsfModule.forRoot`. Every default is documented beside its member. */
export interface SsfOptions extends SsfStructure {
  /** Base URL of all issuers and endpoints as receivers see them, e.g. `https://idp.example`. */
  readonly publicUrl: string;
  /** 32 bytes in base64, or several, comma-separated: the first encrypts secrets at rest, all decrypt. */
  readonly encryptionKey: string;
  /** Bearer token of the admin API with the role `admin`, at least 20 characters. */
  readonly adminToken?: string;
  /** The OpenID provider whose JWTs open the admin API, with the roles that they have. Default: none. */
  readonly adminOidc?: AdminOidcOptions;
  /** Authenticates the host's own administrators, beside `adminToken`, admin tokens and `adminOidc`. Default: nobody. */
  readonly adminAuthenticator?: AdminAuthenticator;
  /**
   * `postgres://` URL of the data source's database, for the one connection that listens for doorbells. Needed when
   * the data source goes through a pooler in transaction mode. Default: connects as the data source does.
   */
  readonly listenDatabaseUrl?: string;
  /** Fan signals out and push SETs in this process. Default: true; false makes an API-only process. */
  readonly delivery?: boolean;
  /** `loopback` allows http and loopback push endpoints. Development and tests only. Default: unset. */
  readonly insecurePushTargets?: 'loopback';
  /** Private networks that push, and the look-up of trusted issuers' keys, may reach, as CIDRs. Default: none. */
  readonly pushAllowedCidrs?: readonly string[];
  /** Ports that push may not reach on this machine and in private networks, such as that of the host's own server; the
   * port of the database is always one of them. Default: none. */
  readonly pushBlockedPorts?: readonly number[];
  /** PEM of certificate authorities that push trusts besides the public ones. Default: none. */
  readonly pushExtraCa?: string;
  /** Authenticates receivers instead of what is built in. Default: application tokens, tokens of the built-in
   * authorization server, and JWTs of the issuers that a provider trusts. */
  readonly receiverAuthenticator?: ReceiverAuthenticator;
  /** Event types of this deployment, besides those of CAEP, RISC and SSF. Default: none. */
  readonly eventTypes?: readonly CustomEventType[];
  /** Whether an application may know of a subject, judged for each SET after what is built in. Default: it may. */
  readonly canReceive?: CanReceive;
  /** Milliseconds that `canReceive` has for an answer. Default: 5000. */
  readonly canReceiveTimeoutMs?: number;
  /** Events of the host's own emitter that are recorded as signals. Default: none. */
  readonly hostEvents?: HostEvents;
  /** The remote signer that makes and keeps signing keys. Default: they are in the database, encrypted. */
  readonly signer?: SignerOptions;
  /** A KMS or an HSM in its place, which the host calls. Default: none. */
  readonly keyVault?: KeyVault;
  /** Milliseconds that the signer, or the vault, has for a signature, and ten times that to make a key. Default: 3000; with `pushTimeoutMs` less than half of the lease. */
  readonly signerTimeoutMs?: number;
  /** Milliseconds between two looks of the safety net that finds what no doorbell announced. Default: 1000. */
  readonly sweepIntervalMs?: number;
  /** Seconds a process owns a stream's queue without renewing it. Default: 30. */
  readonly leaseSeconds?: number;
  /** Pushes in flight to one stream at a time; 1 is strict order. Default: 8. */
  readonly maxInFlightPerStream?: number;
  /** Seconds a long poll is held when there is nothing; below the idle time-out of proxies in front. Default: 30. */
  readonly longPollSeconds?: number;
  /** Long polls that this process holds; beyond that the stream with most of them gives one up. Default: 10000. */
  readonly maxHeldPolls?: number;
  /** SETs that a paused stream holds; the oldest beyond that are dropped with a reason. Default: 1000000. */
  readonly maxHeldSets?: number;
  /** Subjects that a receiver may add to and remove from a stream in a minute; beyond that: 429. Default: 12000. */
  readonly subjectChangesPerMinute?: number;
  /** Seconds an access token of the built-in authorization server lasts. Default: 3600. */
  readonly oauthTokenSeconds?: number;
  /** Milliseconds a receiver has to answer a push. Default: 10000; must be less than half of the lease. */
  readonly pushTimeoutMs?: number;
  /** Times its retention that a SET waits at most, counted from enqueueing, when its pushes fail. Default: 4. */
  readonly retentionCeiling?: number;
  /** Hours of nothing but failed pushes after which a stream is paused; 0: never. Default: 120. */
  readonly pauseFailingStreamsAfterHours?: number;
  /** Hours after which what ended signals and SETs tell of people is removed; 0: not before their day goes. Default: 0. */
  readonly payloadRetentionHours?: number;
  /** Days that entries stay in the audit log; 0: for ever. Default: 400. */
  readonly auditRetentionDays?: number;
  /** Failed authentications at the admin API that a client address has in a minute; beyond that: 429. Default: 300. */
  readonly failedAuthenticationsPerMinute?: number;
  /** Milliseconds between two rounds of housekeeping, each done by one process for all. Default: 300000. */
  readonly housekeepingIntervalMs?: number;
}

/** The options with defaults filled in and checked. */
export interface SsfConfig
  extends
    Omit<
      SsfOptions,
      | 'receiverAuthenticator'
      | 'adminAuthenticator'
      | 'hostEvents'
      | 'canReceive'
      | 'eventTypes'
      | 'keyVault'
      | IntegerOption
    >,
    IntegerOptions {
  readonly adminOidc?: AdminOidc | undefined;
  readonly signer?: SignerOptions | undefined;
  readonly adminApi: boolean;
  readonly receiverApi: boolean;
  readonly authorizationServer: boolean;
  readonly delivery: boolean;
  readonly canReceiveTimeoutMs: number;
  readonly pushAllowedCidrs: readonly string[];
  readonly pushBlockedPorts: readonly number[];
  /** the longest that a SET may take to be signed, beyond what the processor needs; 0 where all keys are in the database */
  readonly signingTimeoutMs: number;
}

/** Injection token of {@link SsfConfig}. */
export const SSF_CONFIG = Symbol('SSF_CONFIG');

/** Throws {@link SettingError} naming the option, never its value. */
export function resolveOptions(options: SsfOptions): SsfConfig {
  const publicUrl = checked('publicUrl', () => parseUrl(options.publicUrl));
  checked('encryptionKey', () => parseEncryptionKey(options.encryptionKey));
  checked(
    'listenDatabaseUrl',
    () => options.listenDatabaseUrl && parseDatabaseUrl(options.listenDatabaseUrl),
  );
  checked('pushAllowedCidrs', () => checkCidrs(options.pushAllowedCidrs ?? []));
  const { pushExtraCa } = options;
  if (pushExtraCa !== undefined) checked('pushExtraCa', () => checkCertificates(pushExtraCa));
  const adminApi = options.adminApi ?? true;
  if (adminApi) requireAdministrators(options);
  const numbers = integers(options);
  const config: SsfConfig = {
    ...options,
    publicUrl,
    adminApi,
    adminOidc: options.adminOidc && resolveAdminOidc(options.adminOidc),
    receiverApi: options.receiverApi ?? true,
    authorizationServer: hasAuthorizationServer(options),
    delivery: options.delivery ?? true,
    ...numbers,
    signer: options.signer && resolveSigner(options.signer),
    signingTimeoutMs: options.signer || options.keyVault ? numbers.signerTimeoutMs : 0,
    canReceiveTimeoutMs: canReceiveTimeout(options),
    pushAllowedCidrs: options.pushAllowedCidrs ?? [],
    pushBlockedPorts: ports('pushBlockedPorts', options.pushBlockedPorts ?? []),
  };
  if (!fitsLease(config)) throw new SettingError('must be less than half of leaseSeconds', 'pushTimeoutMs');
  if (!fitsLease(config, config.signingTimeoutMs))
    throw new SettingError(
      'and pushTimeoutMs must be less than half of leaseSeconds together',
      'signerTimeoutMs',
    );
  if (options.signer && options.keyVault)
    throw new SettingError('must not be there beside keyVault', 'signer');
  if (config.insecurePushTargets === 'loopback' && !isLoopbackHost(new URL(publicUrl).hostname))
    throw new SettingError(
      'is for development: publicUrl must then be on loopback too',
      'insecurePushTargets',
    );
  return config;
}

function requireAdministrators({ adminToken, adminOidc, adminAuthenticator }: SsfOptions): void {
  const hasOthers = adminOidc !== undefined || adminAuthenticator !== undefined;
  if (adminToken === undefined ? !hasOthers : adminToken.length < 20)
    throw new SettingError('must have at least 20 characters when the admin API is on', 'adminToken');
}

/** A server whose tokens nothing takes would be a trap for receivers. */
function hasAuthorizationServer(options: SsfOptions): boolean {
  const { authorizationServer, receiverApi = true, receiverAuthenticator } = options;
  const hasUse = receiverApi && receiverAuthenticator === undefined;
  if (authorizationServer && !hasUse)
    throw new SettingError('needs receiverApi, and no receiverAuthenticator', 'authorizationServer');
  return authorizationServer ?? hasUse;
}

function checked<Value>(option: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SettingError) throw new SettingError(error.problem, option, error);
    throw error;
  }
}

function integers(options: SsfOptions): IntegerOptions {
  return Object.fromEntries(
    INTEGER_OPTION_NAMES.map((option) => {
      const range = INTEGER_OPTIONS[option];
      const value = options[option] ?? range.byDefault;
      if (!isInRange(value, range))
        throw new SettingError(`must be an integer from ${range.min} to ${range.max}`, option);
      return [option, value];
    }),
  ) as Record<IntegerOption, number>;
}

function canReceiveTimeout({ canReceiveTimeoutMs = 5_000 }: SsfOptions): number {
  if (!isInRange(canReceiveTimeoutMs, { min: 1, max: 60_000 }))
    throw new SettingError('must be an integer from 1 to 60000', 'canReceiveTimeoutMs');
  return canReceiveTimeoutMs;
}

function ports(option: string, values: readonly number[]): readonly number[] {
  if (!values.every((port) => isInRange(port, { min: 1, max: 65_535 })))
    throw new SettingError('must be integers from 1 to 65535', option);
  return values;
}
