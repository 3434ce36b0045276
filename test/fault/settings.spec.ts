import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readServerSettings, unknownSettings } from '../../src/platform/config/env.js';
import { SettingError } from '../../src/platform/config/setting-parsers.js';
import { createLogger } from '../../src/platform/telemetry/logger.js';
import { startStandalone } from '../../src/server/standalone.js';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { FIRST, SECOND, SERVER_CA } from '../support/server-certificates.js';
import { ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KEY = randomBytes(32).toString('base64');
const TOKEN = 'an-admin-token-that-is-long';

async function run(
  settings: Record<string, string>,
): Promise<{ code: number | null; stderr: string; all: string }> {
  const dataDir = await temporaryFolder();
  const server = new ServerProcess({ SSF_DATA_DIR: dataDir, ...settings });
  onTestFinished(async () => {
    await server.kill();
    await rm(dataDir, { recursive: true, force: true });
  });
  const { code } = await server.ended;
  return { code, stderr: server.stderr, all: server.stdout + server.stderr };
}

interface Pems {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

interface Case {
  readonly what: string;
  readonly names: string;
  /** default: the value under this name */
  readonly settings?: Record<string, string>;
  /** what must not be repeated */
  readonly value?: string;
}

function settingsOf({ names, settings, value }: Case): Record<string, string> {
  return settings ?? { [names]: value ?? '' };
}

describe('a setting that is wrong ends the start with one line that names it, never its value', () => {
  it.each<Case>([
    { what: 'no port', names: 'PORT', value: 'eighty-eighty' },
    { what: 'a path where names are asked for', names: 'SSF_LOG_REDACT', value: 'req.headers.x' },
    {
      what: 'a public URL on http',
      names: 'SSF_PUBLIC_URL',
      settings: { SSF_PUBLIC_URL: 'http://idp.acme.test' },
      value: 'idp.acme.test',
    },
    {
      what: 'a database URL without an admin token',
      names: 'SSF_ADMIN_TOKEN',
      settings: { DATABASE_URL: 'postgres://u:p4ssw0rd@127.0.0.1:9/db', SSF_ENCRYPTION_KEY: KEY },
      value: 'p4ssw0rd',
    },
    {
      what: 'a database URL without an encryption key',
      names: 'SSF_ENCRYPTION_KEY',
      settings: { DATABASE_URL: 'postgres://u:p4ssw0rd@127.0.0.1:9/db', SSF_ADMIN_TOKEN: TOKEN },
      value: 'p4ssw0rd',
    },
    {
      what: 'an unreadable file with a secret',
      names: 'SSF_ADMIN_TOKEN_FILE',
      settings: { SSF_ADMIN_TOKEN_FILE: '/nowhere/to/be/found' },
    },
    {
      what: 'an unreadable certificate',
      names: 'SSF_TLS_CERT_FILE',
      settings: { SSF_TLS_CERT_FILE: '/nowhere/cert.pem', SSF_TLS_KEY_FILE: '/nowhere/key.pem' },
    },
  ])('$names: $what', async (wrong) => {
    const { names, value } = wrong;

    const { code, stderr, all } = await run(settingsOf(wrong));

    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^ssf-transmitter: ${names} `));
    if (value !== undefined) expect(all).not.toContain(value);
  });
});

describe('settings are refused by name before anything is started', () => {
  it.each<Case>([
    { what: 'a port too high', names: 'PORT', value: '70001' },
    { what: 'a public URL that is none', names: 'SSF_PUBLIC_URL', value: 'idp.acme.test' },
    {
      what: 'a database of another kind',
      names: 'DATABASE_URL',
      settings: {
        DATABASE_URL: 'mysql://u:p4ssw0rd@127.0.0.1/db',
        SSF_ADMIN_TOKEN: TOKEN,
        SSF_ENCRYPTION_KEY: KEY,
      },
      value: 'p4ssw0rd',
    },
    {
      what: 'a connection to listen of another kind',
      names: 'SSF_LISTEN_DATABASE_URL',
      settings: { SSF_LISTEN_DATABASE_URL: 'redis://u:p4ssw0rd@127.0.0.1' },
      value: 'p4ssw0rd',
    },
    {
      what: 'a connection to listen without a database URL',
      names: 'SSF_LISTEN_DATABASE_URL',
      settings: { SSF_LISTEN_DATABASE_URL: 'postgres://u:p4ssw0rd@127.0.0.1/db' },
      value: 'p4ssw0rd',
    },
    { what: 'a short admin token', names: 'SSF_ADMIN_TOKEN', value: 'too-short' },
    {
      what: 'a secret given twice',
      names: 'SSF_ADMIN_TOKEN',
      settings: { SSF_ADMIN_TOKEN: TOKEN, SSF_ADMIN_TOKEN_FILE: '/dev/null' },
      value: TOKEN,
    },
    { what: 'tokens that last too long', names: 'SSF_OAUTH_TOKEN_SECONDS', value: '3601' },
    {
      what: 'half of a TLS configuration',
      names: 'SSF_TLS_KEY_FILE',
      settings: { SSF_TLS_CERT_FILE: '/nowhere/cert.pem' },
    },
    { what: 'push targets that are unknown', names: 'SSF_INSECURE_PUSH_TARGETS', value: 'everything' },
    {
      what: 'proxies that are none',
      names: 'SSF_TRUST_PROXY',
      settings: { SSF_TRUST_PROXY: '10.0.0.1,the-proxy' },
      value: 'the-proxy',
    },
    { what: 'a network of proxies that is none', names: 'SSF_TRUST_PROXY', value: '10.0.0.0/40' },
    {
      what: 'a role that is unknown',
      names: 'SSF_ROLES',
      settings: { SSF_ROLES: 'admin,sending' },
      value: 'sending',
    },
    { what: 'no role at all', names: 'SSF_ROLES', settings: { SSF_ROLES: ',' } },
    { what: 'a lease that is no number', names: 'SSF_LEASE_SECONDS', value: 'half-a-minute' },
    { what: 'a lease too short', names: 'SSF_LEASE_SECONDS', settings: { SSF_LEASE_SECONDS: '1' } },
    {
      what: 'a lease too short for the push timeout that is not set',
      names: 'SSF_LEASE_SECONDS',
      settings: { SSF_LEASE_SECONDS: '20' },
    },
    {
      what: 'a push timeout too long for the lease',
      names: 'SSF_PUSH_TIMEOUT_MS',
      settings: { SSF_LEASE_SECONDS: '20', SSF_PUSH_TIMEOUT_MS: '10000' },
    },
    { what: 'a push timeout of part of a millisecond', names: 'SSF_PUSH_TIMEOUT_MS', value: '99.5' },
    {
      what: 'too many pushes in flight',
      names: 'SSF_MAX_IN_FLIGHT_PER_STREAM',
      settings: { SSF_MAX_IN_FLIGHT_PER_STREAM: '33' },
    },
    {
      what: 'a sweep without a pause',
      names: 'SSF_SWEEP_INTERVAL_MS',
      settings: { SSF_SWEEP_INTERVAL_MS: '0' },
    },
    {
      what: 'a long poll without end',
      names: 'SSF_LONG_POLL_SECONDS',
      settings: { SSF_LONG_POLL_SECONDS: '301' },
    },
    { what: 'a log level that is unknown', names: 'SSF_LOG_LEVEL', value: 'loud' },
  ])('$names: $what', (wrong) => {
    const { names, value } = wrong;
    const read = (): unknown => readServerSettings(settingsOf(wrong));

    expect(read).toThrow(new RegExp(`^${names} `));
    if (value !== undefined) expect(read).not.toThrow(value);
  });
});

describe('a file with what cannot be used is refused by the name of its setting', () => {
  const noPem = 'neither certificate nor key';

  it.each([
    ['SSF_TLS_CERT_FILE', 'no certificate', { cert: noPem, key: FIRST.key }],
    ['SSF_TLS_KEY_FILE', 'no key', { cert: FIRST.cert, key: noPem }],
    ['SSF_TLS_KEY_FILE', 'the key of another certificate', { cert: FIRST.cert, key: SECOND.key }],
    ['SSF_PUSH_EXTRA_CA_FILE', 'no certificates of authorities', { ...FIRST, ca: noPem }],
  ])('%s: %s', async (names, _what, { cert, key, ca = SERVER_CA }: Pems) => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const [name, content] of Object.entries({ cert, key, ca }))
      await writeFile(join(folder, name), content);

    const settings = readServerSettings({
      DATABASE_URL: 'postgres://u@127.0.0.1:9/db',
      SSF_ADMIN_TOKEN: TOKEN,
      SSF_ENCRYPTION_KEY: KEY,
      SSF_TLS_CERT_FILE: join(folder, 'cert'),
      SSF_TLS_KEY_FILE: join(folder, 'key'),
      SSF_PUSH_EXTRA_CA_FILE: join(folder, 'ca'),
    });
    const start = startStandalone(settings, createLogger({ level: 'silent', pretty: false }));

    await expect(start).rejects.toThrow(new RegExp(`^${names} `));
    await expect(start).rejects.toBeInstanceOf(SettingError);
  });
});

describe('the file of event types', () => {
  it('is read before anything is started', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'event-types.json');
    await writeFile(file, JSON.stringify([{ uri: 'urn:acme:badge-lost', schema: true }]));
    const settings = readServerSettings({ SSF_DATA_DIR: folder, SSF_EVENT_TYPES_FILE: file });

    await expect(startStandalone(settings, createLogger({ level: 'silent', pretty: false }))).rejects.toThrow(
      /^SSF_EVENT_TYPES_FILE \[0\]\.schema: /,
    );
  });
});

describe('settings of the engine', () => {
  it('are options of the module by their names', () => {
    const { integers } = readServerSettings({
      SSF_LEASE_SECONDS: '60',
      SSF_MAX_IN_FLIGHT_PER_STREAM: '1',
      SSF_PUSH_TIMEOUT_MS: '2500',
      SSF_SWEEP_INTERVAL_MS: '',
    });

    expect(integers).toEqual({ leaseSeconds: 60, maxInFlightPerStream: 1, pushTimeoutMs: 2500 });
  });

  it.each([
    [undefined, ['admin', 'receiver', 'delivery']],
    ['delivery', ['delivery']],
    [' receiver , admin ', ['admin', 'receiver']],
  ])('say what the process does: %s', (value, roles) => {
    expect(readServerSettings({ SSF_ROLES: value }).roles).toEqual(roles);
  });

  it('ask for no admin token where there is no admin API', () => {
    const settings = {
      DATABASE_URL: 'postgres://u@127.0.0.1:9/db',
      SSF_ENCRYPTION_KEY: KEY,
      SSF_ROLES: 'delivery',
    };

    expect(readServerSettings(settings).adminToken).toBeUndefined();
  });
});

describe('a variable that is named like a setting and is none', () => {
  it('is told by its name', () => {
    const env = {
      SSF_PUSH_TIMEOUT: '5',
      SSF_PUSH_TIMEOUT_MS: '5000',
      SSF_ADMIN_TOKEN_FILE: '/run/secrets/admin-token',
      SSF_PUBLIC_URL_FILE: '/run/secrets/url',
      SSF_OLD: '',
      PORT: '3000',
      PATH: '/bin',
    };

    expect(unknownSettings(env)).toEqual(['SSF_PUBLIC_URL_FILE', 'SSF_PUSH_TIMEOUT']);
  });

  it('is in a warning at start, without its value', async () => {
    const { code, all } = await run({
      SSF_PUSH_TIMEOUT: 'five-seconds',
      // the start ends after the warning
      SSF_EVENT_TYPES_FILE: '/nowhere/to/be/found',
    });

    expect(code).toBe(1);
    expect(all).toContain('"settings":["SSF_PUSH_TIMEOUT"]');
    expect(all).not.toContain('five-seconds');
  });
});

describe('a setting that only shows to be wrong later does so, too', () => {
  it.each([
    ['that is no base64', 'not-a-key-at-all'],
    ['of 16 bytes', randomBytes(16).toString('base64')],
    ['of which the second is wrong', `${KEY},second-key-is-wrong`],
  ])('an encryption key %s', async (_what, key) => {
    const database = await TestDatabase.create();
    onTestFinished(() => database.drop());

    const { code, stderr, all } = await run({
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      SSF_ADMIN_TOKEN: TOKEN,
      SSF_ENCRYPTION_KEY: key,
    });

    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^ssf-transmitter: SSF_ENCRYPTION_KEY /);
    expect(all).not.toContain(key);
    expect(all).not.toContain(KEY);
  });

  it('a port that is in use', async () => {
    const database = await TestDatabase.create();
    onTestFinished(() => database.drop());
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());

    const { code, stderr } = await run({
      PORT: String((other.address() as AddressInfo).port),
      SSF_HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      SSF_ADMIN_TOKEN: TOKEN,
      SSF_ENCRYPTION_KEY: KEY,
    });

    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^ssf-transmitter: PORT .*in use/);
  });

  it('a database that does not answer, without the password of its URL', async () => {
    const { code, all } = await run({
      DATABASE_URL: 'postgres://u:p4ssw0rd@127.0.0.1:9/db',
      SSF_ADMIN_TOKEN: TOKEN,
      SSF_ENCRYPTION_KEY: KEY,
    });

    expect(code).toBe(1);
    expect(all).toContain('ECONNREFUSED');
    expect(all).not.toContain('p4ssw0rd');
  });
});
