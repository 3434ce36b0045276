import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger, linesTo } from './logger.js';

function memoryLog(options: { pretty?: boolean; level?: string; redact?: string[] } = {}) {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ level: 'trace', pretty: false, ...options, destination });
  const text = () => chunks.join('');
  const lines = () =>
    text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, text, lines };
}

const SECRET = 'Sup3rS3cretValue';
const SECRET_NAMES = [
  ...[
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'authorization_header',
  ],
  ...['authorizationHeader', 'token', 'access_token', 'accessToken', 'refreshToken', 'id_token', 'apiKey'],
  ...['x_api_key'.slice(2), 'secret', 'secrets', 'client_secret', 'clientSecret', 'password', 'databaseUrl'],
  ...['DATABASE_URL', 'encryptionKeys', 'privateKey', 'private_key', 'privateJwk', 'pem', 'd', 'p', 'q'],
  ...['dp', 'dq', 'qi', 'oth', 'k'],
];
const SHAPES: Record<string, (name: string, value: unknown) => Record<string, unknown>> = {
  'at the top': (name, value) => ({ [name]: value }),
  'one object deep': (name, value) => ({ headers: { [name]: value } }),
  'two objects deep': (name, value) => ({ req: { headers: { [name]: value } } }),
  'three objects deep': (name, value) => ({ a: { b: { c: { [name]: value } } } }),
  'in a list': (name, value) => ({ keys: [{ kid: '1' }, { [name]: value }] }),
  'in a class instance': (name, value) => ({
    stream: Object.assign(new (class Stream {})(), { [name]: value }),
  }),
  'in a Map': (name, value) => ({ headers: new Map([[name, value]]) }),
};
const VALUES: Record<string, unknown> = {
  string: SECRET,
  list: [SECRET, SECRET],
  object: { value: SECRET, inner: [SECRET] },
};

describe('createLogger: redaction', () => {
  describe.each(Object.entries(SHAPES))('%s', (_where, shape) => {
    it.each(Object.entries(VALUES))('hides every secret name with a %s', (_kind, value) => {
      const { logger, text, lines } = memoryLog();

      for (const name of SECRET_NAMES) {
        logger.info(shape(name, value), 'field');
        logger.child(shape(name, value)).info('child');
        logger.child({ a: 1 }).child(shape(name, value)).info({ b: 2 }, 'grandchild');
      }

      expect(text()).not.toContain(SECRET);
      expect(text().match(/\[Redacted\]/g)?.length).toBeGreaterThanOrEqual(SECRET_NAMES.length * 3);
      expect(lines()).toHaveLength(SECRET_NAMES.length * 3);
    });
  });

  it.each([
    `authorization: Bearer ${SECRET}`,
    `sent "Basic ${SECRET}=="`,
    `the SET eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiIxIn0.${SECRET}`,
    `connect to postgres://ssf:${SECRET}@db:5432/ssf failed`,
    `key -----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
    `key -----BEGIN RSA PRIVATE KEY-----\n${SECRET}`,
  ])('hides a credential in a text: %s', (message) => {
    const { logger, text, lines } = memoryLog();

    logger.info(message);
    logger.error(new Error(message));
    logger.warn({ err: new Error('outer', { cause: new Error(message) }), note: message }, 'x');

    expect(text()).not.toContain(SECRET);
    expect(lines()).toHaveLength(3);
  });

  it('leaves harmless texts and fields alone', () => {
    const { logger, lines } = memoryLog();
    const fields = {
      url: 'https://receiver.example:8443/push',
      email: 'a@b.example',
      note: 'basic authentication is off; bearer token missing',
      tokenCount: 3,
      key: 'kid-1',
      at: new Date(0),
      password: null,
    };

    logger.info(fields, 'hello');

    expect(lines()[0]).toMatchObject({ ...fields, at: '1970-01-01T00:00:00.000Z', msg: 'hello' });
  });

  it('hides what it is told to, however it is written and wherever it stands, and nothing else by that', () => {
    const { logger, text, lines } = memoryLog({ redact: ['external-id', 'remoteAddress'] });

    logger.info({ externalId: SECRET, req: { remote_address: SECRET }, address: 'shown' }, 'x');
    logger.child({ EXTERNAL_ID: SECRET }).info({ password: SECRET }, 'x');
    memoryLog().logger.info({ externalId: 'of another logger' });

    expect(text()).not.toContain(SECRET);
    expect(lines()[0]).toMatchObject({ externalId: '[Redacted]', address: 'shown' });
  });

  it('does not change the object that is logged', () => {
    const fields = { headers: { authorization: SECRET } };

    memoryLog().logger.info(fields);

    expect(fields).toEqual({ headers: { authorization: SECRET } });
  });

  it('keeps of an error what helps and nothing that a library hung on it', () => {
    const { logger, text, lines } = memoryLog();
    const cause = Object.assign(new TypeError('refused'), { code: 'ECONNREFUSED', parameters: [SECRET] });
    const error = Object.assign(new Error('no database', { cause }), {
      query: `insert ${SECRET}`,
      config: { headers: { authorization: SECRET } },
    });

    logger.error(error);
    logger.error({ err: error, failures: [new AggregateError([cause, { token: SECRET }], 'all')] }, 'both');

    expect(text()).not.toContain(SECRET);
    const described = {
      type: 'Error',
      message: 'no database',
      cause: { type: 'TypeError', message: 'refused', code: 'ECONNREFUSED' },
    };
    expect(lines()).toMatchObject([
      { err: described, msg: 'no database' },
      {
        err: described,
        failures: [{ type: 'AggregateError', errors: [{ code: 'ECONNREFUSED' }, '[object]'] }],
      },
    ]);
  });

  it('survives bytes, loops and depth', () => {
    const { logger, text, lines } = memoryLog();
    const loop: Record<string, unknown> = { name: 'loop', token: SECRET };
    loop.self = loop;
    let deep: Record<string, unknown> = { token: SECRET };
    for (let i = 0; i < 50; i += 1) deep = { deep };

    logger.info({ bytes: Buffer.from(SECRET), loop, deep, none: null, big: Object.create(null) as unknown });

    expect(text()).not.toContain(SECRET);
    expect(lines()[0]).toMatchObject({ bytes: '[16 bytes]', none: null });
  });
});

describe('createLogger: the line', () => {
  it('is JSON with ISO time, level and service', () => {
    const { logger, lines } = memoryLog();

    logger.warn({ streamId: '1' }, 'set rejected');

    const [line] = lines();
    expect(line).toEqual({
      level: 'warn',
      time: line?.time,
      service: 'ssf-transmitter',
      streamId: '1',
      msg: 'set rejected',
    });
    expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('obeys the level', () => {
    const { logger, text } = memoryLog({ level: 'warn' });

    logger.info('quiet');

    expect(text()).toBe('');
  });

  it('is readable when pretty, and as discreet', () => {
    const { logger, text } = memoryLog({ pretty: true });

    logger.info({ streamId: '1', token: SECRET }, 'set delivered');

    expect(text()).toContain('INFO');
    expect(text()).toContain('set delivered');
    expect(text()).toContain('streamId');
    expect(text()).not.toContain(SECRET);
    expect(text()).not.toMatch(/^\{/);
  });
});

function logFile() {
  const folder = fs.mkdtempSync(join(tmpdir(), 'ssf-log-'));
  const file = join(folder, 'log');
  const fd = fs.openSync(file, 'w+');
  const write = vi.spyOn(fs, 'write');
  onTestFinished(() => {
    write.mockRestore();
    fs.closeSync(fd);
    fs.rmSync(folder, { recursive: true });
  });
  return { fd, write, text: () => fs.readFileSync(file, 'utf8'), size: () => fs.fstatSync(fd).size };
}

describe('linesTo', () => {
  it('writes all that came while a write had to wait with the next one', async () => {
    const { fd, write, text, size } = logFile();
    const lines = linesTo(fd);
    const line = `${'x'.repeat(99)}\n`;
    const count = 20_000;

    for (let i = 0; i < count; i += 1) lines.write(line);

    await vi.waitFor(() => expect(size()).toBeGreaterThan(line.length * (count - 200)));
    lines.flushSync();
    expect(text()).toBe(line.repeat(count));
    // the first, which is under way, and two megabytes
    expect(write.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('holds a bounded amount for a reader that has stalled, and tells it how much it has missed', async () => {
    const { fd, write, text } = logFile();
    let goOn = (): void => undefined;
    write.mockImplementationOnce((...call: unknown[]) => {
      goOn = () => void Reflect.apply(fs.write, fs, call);
    });
    const lines = linesTo(fd);
    const line = `${'x'.repeat(9_999)}\n`;
    const count = 5_000;

    for (let i = 0; i < count; i += 1) lines.write(line);
    goOn();

    const lost = await vi.waitFor(
      () => {
        const last = JSON.parse(text().trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
        expect(last).toMatchObject({ level: 'warn', event: 'log.lost' });
        return Number(last.lines);
      },
      { timeout: 20_000 },
    );
    expect(lost).toBeGreaterThan(1_000);
    expect(text().trimEnd().split('\n')).toHaveLength(count - lost + 1);
  });
});
