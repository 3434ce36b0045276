import type { AdminOidcOptions } from './admin-oidc.js';
import { ADMIN_OIDC_SETTINGS, adminOidcOf } from './admin-oidc-settings.js';
import { INTEGER_OPTION_NAMES } from './integer-options.js';
import { checkLease, type IntegerSettings, integerSetting, parseInteger } from './integer-settings.js';
import { read } from './read-setting.js';
import type { Setting } from './setting.js';
import {
  isLoopbackHost,
  parseCidrs,
  parseDatabaseUrl,
  parseEncryptionKey,
  parseListSetting,
  parseMemberNames,
  parsePort,
  parseTrustProxy,
  parseRoles,
  parseUrl,
  type Role,
  ROLES,
  SettingError,
} from './setting-parsers.js';
import { SIGNER_SETTINGS, signerOf, type SignerOptions } from './signer-settings.js';

/** What the standalone server reads from its environment, and nothing else does. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string | undefined;
  readonly publicUrl: string;
  readonly databaseUrl: string | undefined;
  readonly listenDatabaseUrl: string | undefined;
  readonly dataDir: string;
  readonly pgBin: string | undefined;
  readonly adminToken: string | undefined;
  readonly adminOidc: AdminOidcOptions | undefined;
  readonly encryptionKey: string | undefined;
  readonly insecurePushTargets: 'loopback' | undefined;
  readonly pushAllowedCidrs: readonly string[];
  readonly pushBlockedPorts: readonly number[];
  readonly pushExtraCaFile: string | undefined;
  readonly eventTypesFile: string | undefined;
  readonly signer: SignerOptions | undefined;
  readonly roles: readonly Role[];
  /** options of SsfModule by their names; what is not set is not there */
  readonly integers: IntegerSettings;
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly trustProxy: boolean | number | string | undefined;
  readonly requestTimeoutSeconds: number;
  readonly logLevel: string;
  readonly logFormat: 'json' | 'pretty' | undefined;
  readonly logRedact: readonly string[];
}

/** As Node has it by itself. */
const REQUEST_TIMEOUT = { min: 1, max: 86_400, byDefault: 300 };
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const SETTINGS = {
  port: {
    name: 'PORT',
    summary: 'TCP port of the HTTP server.',
    defaultText: '`3000`',
    parse: parsePort,
  },
  host: {
    name: 'SSF_HOST',
    summary: 'Address that the HTTP server listens on.',
    defaultText: 'all interfaces; only loopback while the public URL is a loopback one',
    parse: (value) => value,
  },
  publicUrl: {
    name: 'SSF_PUBLIC_URL',
    summary:
      'Base URL of all issuers and endpoints as receivers see them. https is required unless its host is loopback. Never derived from a request header.',
    defaultText: '`http://localhost:$PORT`',
    parse: (value) => parseUrl(value),
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    summary:
      'PostgreSQL 15 or newer, as `postgres://user:password@host:port/database`. Unset: an embedded PostgreSQL below `SSF_DATA_DIR`.',
    defaultText: 'unset (embedded database)',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  listenDatabaseUrl: {
    name: 'SSF_LISTEN_DATABASE_URL',
    summary:
      'The same database, without the pooler that `DATABASE_URL` goes through: for the one connection that listens for doorbells, since `LISTEN` is deaf behind a pooler in transaction mode.',
    defaultText: '`DATABASE_URL`',
    isSecret: true,
    parse: parseDatabaseUrl,
  },
  dataDir: {
    name: 'SSF_DATA_DIR',
    summary: 'Folder of the embedded database and of the secrets made on first start.',
    defaultText: '`./data`',
    parse: (value) => value,
  },
  pgBin: {
    name: 'SSF_PG_BIN',
    summary:
      'Folder with `initdb`, `postgres` and `pg_ctl` for the embedded database, instead of the bundled ones.',
    defaultText: 'the bundled PostgreSQL, else one installed on the system',
    parse: (value) => value,
  },
  adminToken: {
    name: 'SSF_ADMIN_TOKEN',
    summary:
      'Bearer token of the admin API with the role `admin`, at least 20 characters. Unset with the embedded database: made on first start, printed once, kept in the data folder with mode 0600. With `DATABASE_URL` it is required, unless `SSF_ADMIN_OIDC_ISSUER` is set. See [administrators](administrators.md).',
    defaultText: 'made on first start',
    isSecret: true,
    parse: (value) => {
      if (value.length < 20) throw new SettingError('must have at least 20 characters');
      return value;
    },
  },
  encryptionKey: {
    name: 'SSF_ENCRYPTION_KEY',
    summary:
      '32 bytes in base64: encrypts private keys and receiver secrets at rest. Several, comma-separated, for rotation: the first encrypts, all decrypt. Unset with the embedded database: made on first start and kept in the data folder with mode 0600. Required with `DATABASE_URL`.',
    defaultText: 'made on first start',
    isSecret: true,
    parse: parseEncryptionKey,
  },
  insecurePushTargets: {
    name: 'SSF_INSECURE_PUSH_TARGETS',
    summary: '`loopback` lets push endpoints be http and on this machine. For development and tests only.',
    defaultText: 'unset',
    parse: (value) => {
      if (value !== 'loopback') throw new SettingError('must be "loopback" or unset');
      return 'loopback' as const;
    },
  },
  pushAllowedCidrs: {
    name: 'SSF_PUSH_ALLOWED_CIDRS',
    summary:
      "Private networks that push, and the look-up of trusted issuers' keys, may reach, comma-separated CIDRs such as `10.20.0.0/16`.",
    defaultText: 'none',
    parse: parseCidrs,
  },
  pushBlockedPorts: {
    name: 'SSF_PUSH_BLOCKED_PORTS',
    summary:
      'Ports that push may not reach on this machine and in private networks, comma-separated. `PORT` and the port of the database always are.',
    defaultText: 'none but those',
    parse: (value) => parseListSetting(value).map(parsePort),
  },
  pushExtraCaFile: {
    name: 'SSF_PUSH_EXTRA_CA_FILE',
    summary: 'PEM file with certificate authorities to trust in push endpoints, besides the public ones.',
    defaultText: 'none',
    parse: (value) => value,
  },
  eventTypesFile: {
    name: 'SSF_EVENT_TYPES_FILE',
    summary:
      'JSON file with event types of this deployment, besides those of CAEP, RISC and SSF: see [events](events.md#event-types-of-a-deployment).',
    defaultText: 'none',
    parse: (value) => value,
  },
  roles: {
    name: 'SSF_ROLES',
    summary:
      'What this process does, comma-separated: `admin` serves the admin API, `receiver` the receiver API with discovery and polls, `delivery` fans signals out, pushes and keeps house. Health checks are always served.',
    defaultText: `\`${ROLES.join(',')}\``,
    parse: parseRoles,
  },
  tlsCertFile: {
    name: 'SSF_TLS_CERT_FILE',
    summary:
      'PEM certificate chain: serve https directly (TLS 1.2 and 1.3 only). Needs `SSF_TLS_KEY_FILE`. When the files change, new connections get the new certificate; a pair that cannot be used is logged and the former one stays.',
    defaultText: 'unset (http, for a proxy in front)',
    parse: (value) => value,
  },
  tlsKeyFile: {
    name: 'SSF_TLS_KEY_FILE',
    summary: 'PEM private key of the first certificate in `SSF_TLS_CERT_FILE`, without a passphrase.',
    defaultText: 'unset',
    parse: (value) => value,
  },
  trustProxy: {
    name: 'SSF_TRUST_PROXY',
    summary:
      'Proxies whose `X-Forwarded-For` is believed, as Express\' "trust proxy": `true`, a number of hops, or addresses and CIDRs. For the client address in logs and limits only: no other header of a proxy is read.',
    defaultText: '`false`',
    parse: parseTrustProxy,
  },
  requestTimeoutSeconds: {
    name: 'SSF_REQUEST_TIMEOUT_SECONDS',
    summary: `Seconds that a client has to send a whole request, an import of signals included; then the connection is closed. Headers have 20 of them at most. ${REQUEST_TIMEOUT.min} to ${REQUEST_TIMEOUT.max}.`,
    defaultText: `\`${REQUEST_TIMEOUT.byDefault}\``,
    parse: (value) => parseInteger(value, REQUEST_TIMEOUT),
  },
  logLevel: {
    name: 'SSF_LOG_LEVEL',
    summary: `One of ${LOG_LEVELS.join(', ')}.`,
    defaultText: '`info`',
    parse: (value) => {
      if (!LOG_LEVELS.includes(value)) throw new SettingError(`must be one of ${LOG_LEVELS.join(', ')}`);
      return value;
    },
  },
  logFormat: {
    name: 'SSF_LOG_FORMAT',
    summary: '`json` or `pretty`.',
    defaultText: '`pretty` in a terminal, else `json`',
    parse: (value): 'json' | 'pretty' => {
      if (value === 'json' || value === 'pretty') return value;
      throw new SettingError('must be "json" or "pretty"');
    },
  },
  logRedact: {
    name: 'SSF_LOG_REDACT',
    summary:
      'Names of members whose values are not to be in the log, at any depth, comma-separated, such as `clientAddress`. Upper and lower case, `-` and `_` make no difference. Credentials and tokens never are: see [privacy](privacy.md#logs).',
    defaultText: 'none but those',
    parse: parseMemberNames,
  },
} satisfies Record<string, Setting<unknown>>;

/** All settings, in the order of the manual. */
export const SETTING_LIST: readonly Setting<unknown>[] = [
  ...Object.values(SETTINGS),
  ...Object.values(ADMIN_OIDC_SETTINGS),
  ...Object.values(SIGNER_SETTINGS),
  ...INTEGER_OPTION_NAMES.map(integerSetting),
];

/**
 * Variables named like settings that are none, such as a misspelt one, by name. They are no error: Kubernetes, for
 * one, makes variables of its own out of the names of services.
 */
export function unknownSettings(env: NodeJS.ProcessEnv): string[] {
  const known = new Set(
    SETTING_LIST.flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name])),
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('SSF_') && env[name] !== '' && !known.has(name))
    .sort();
}

/** The environment, parsed. Throws {@link SettingError} naming the variable, never its value. */
export function readServerSettings(env: NodeJS.ProcessEnv): ServerSettings {
  const port = read(env, SETTINGS.port) ?? 3000;
  const publicUrl = read(env, SETTINGS.publicUrl) ?? `http://localhost:${port}`;
  const settings: ServerSettings = {
    port,
    host: read(env, SETTINGS.host),
    publicUrl,
    databaseUrl: read(env, SETTINGS.databaseUrl),
    listenDatabaseUrl: read(env, SETTINGS.listenDatabaseUrl),
    dataDir: read(env, SETTINGS.dataDir) ?? './data',
    pgBin: read(env, SETTINGS.pgBin),
    adminToken: read(env, SETTINGS.adminToken),
    adminOidc: adminOidcOf((setting) => read(env, setting)),
    encryptionKey: read(env, SETTINGS.encryptionKey),
    insecurePushTargets: read(env, SETTINGS.insecurePushTargets),
    pushAllowedCidrs: read(env, SETTINGS.pushAllowedCidrs) ?? [],
    pushBlockedPorts: read(env, SETTINGS.pushBlockedPorts) ?? [],
    pushExtraCaFile: read(env, SETTINGS.pushExtraCaFile),
    eventTypesFile: read(env, SETTINGS.eventTypesFile),
    signer: signerOf((setting) => read(env, setting)),
    roles: read(env, SETTINGS.roles) ?? ROLES,
    integers: readIntegers(env),
    tlsCertFile: read(env, SETTINGS.tlsCertFile),
    tlsKeyFile: read(env, SETTINGS.tlsKeyFile),
    trustProxy: read(env, SETTINGS.trustProxy),
    requestTimeoutSeconds: read(env, SETTINGS.requestTimeoutSeconds) ?? REQUEST_TIMEOUT.byDefault,
    logLevel: read(env, SETTINGS.logLevel) ?? 'info',
    logFormat: read(env, SETTINGS.logFormat),
    logRedact: read(env, SETTINGS.logRedact) ?? [],
  };
  checkTogether(settings);
  return settings;
}

function checkTogether(settings: ServerSettings): void {
  const { adminToken, adminOidc } = settings;
  if (settings.databaseUrl && settings.roles.includes('admin') && !adminToken && !adminOidc)
    throw new SettingError('is required when DATABASE_URL is set', 'SSF_ADMIN_TOKEN');
  if (settings.databaseUrl && !settings.encryptionKey)
    throw new SettingError('is required when DATABASE_URL is set', 'SSF_ENCRYPTION_KEY');
  if (settings.listenDatabaseUrl && !settings.databaseUrl)
    throw new SettingError('is of use only with DATABASE_URL', 'SSF_LISTEN_DATABASE_URL');
  if (settings.insecurePushTargets && !isLoopbackHost(new URL(settings.publicUrl).hostname))
    throw new SettingError(
      'is for development: SSF_PUBLIC_URL must then be on loopback',
      'SSF_INSECURE_PUSH_TARGETS',
    );
  if (settings.tlsCertFile && !settings.tlsKeyFile)
    throw new SettingError('is required when SSF_TLS_CERT_FILE is set', 'SSF_TLS_KEY_FILE');
  if (settings.tlsKeyFile && !settings.tlsCertFile)
    throw new SettingError('is required when SSF_TLS_KEY_FILE is set', 'SSF_TLS_CERT_FILE');
  checkLease(settings.integers, settings.signer !== undefined);
}

function readIntegers(env: NodeJS.ProcessEnv): IntegerSettings {
  const values = INTEGER_OPTION_NAMES.flatMap((option) => {
    const value = read(env, integerSetting(option));
    return value === undefined ? [] : [[option, value] as const];
  });
  return Object.fromEntries(values);
}
