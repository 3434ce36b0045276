import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { call } from '../support/http.js';
import { PUSH } from '../support/receiver-client.js';
import { createProvider, createReceiverApi } from '../support/scenario.js';
import { ServerProcess } from '../support/server-process.js';
import type { Transmitter } from '../support/transmitter.js';

/** Of the OpenAPI Initiative. */
const OPENAPI_SCHEMA = new URL('../vectors/openapi-3.1.schema.json', import.meta.url);
const ADMIN_TOKEN = 'admin-token-of-the-built-server';

interface Schema {
  readonly type?: string;
  readonly oneOf?: object[];
  readonly required?: string[];
  readonly properties?: Record<string, object>;
}

interface Response {
  readonly content?: Record<string, { readonly examples?: Record<string, { readonly value: object }> }>;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Response> }>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

let server: ServerProcess;
let database: TestDatabase;
let baseUrl: string;
let port: number;
let transmitter: Transmitter;

beforeAll(async () => {
  database = await TestDatabase.create();
  port = await freePort();
  baseUrl = `http://127.0.0.1:${port}`;
  server = new ServerProcess({
    PORT: String(port),
    SSF_HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    SSF_ADMIN_TOKEN: ADMIN_TOKEN,
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SSF_PUSH_ALLOWED_CIDRS: '127.0.0.1/32',
    SSF_PUSH_BLOCKED_PORTS: '9091, 9092',
  });
  transmitter = { admin: await server.ready(baseUrl, ADMIN_TOKEN) } as Transmitter;
});

afterAll(async () => {
  await server.kill();
  await database.drop();
});

// The build adds to the API descriptions what the sources' types and comments say.
describe('the API description of the built server', () => {
  it('describes what a provider is made of', async () => {
    const { components } = (await call(`${baseUrl}/docs/admin.json`)).json<OpenApi>();

    const { required, properties } = components.schemas.CreateProviderDto ?? {};
    expect(required).toEqual(['slug', 'name']);
    expect(properties?.slug).toMatchObject({ type: 'string', example: 'acme' });
    expect(properties).toHaveProperty('eventRetentionDays');
  });

  it.each(['admin', 'receiver'])('leaves no schema of the %s API without members', async (name) => {
    const { components } = (await call(`${baseUrl}/docs/${name}.json`)).json<OpenApi>();

    const empty = Object.entries(components.schemas).filter(
      ([, { type, oneOf, properties }]) =>
        type !== 'string' && !oneOf && Object.keys(properties ?? {}).length === 0,
    );
    expect(empty).toEqual([]);
  });

  it.each(['admin', 'receiver'])('is OpenAPI 3.1, with JSON Schemas that are some: %s', async (name) => {
    const document = (await call(`${baseUrl}/docs/${name}.json`)).json<OpenApi>();
    const ajv = new Ajv2020({ strict: false, formats: { 'media-range': true } });
    addFormats.default(ajv);

    const isValid = ajv.validate(JSON.parse(await readFile(OPENAPI_SCHEMA, 'utf8')) as object, document);
    expect(isValid, ajv.errorsText()).toBe(true);
    ajv.addSchema({ ...document, $id: 'api' });
    for (const schema of Object.keys(document.components.schemas))
      expect(() => ajv.compile({ $ref: `api#/components/schemas/${schema}` }), schema).not.toThrow();
  });

  // npx vitest run --project fault test/fault/built-server.spec.ts -u
  it.each(['admin', 'receiver'])('is committed as docs/openapi/%s.json', async (name) => {
    const document = (await call(`${baseUrl}/docs/${name}.json`)).json<object>();
    const text = JSON.stringify(document, null, 2).replaceAll(
      `http://localhost:${port}`,
      'https://idp.example',
    );

    await expect(`${text}\n`).toMatchFileSnapshot(`../../docs/openapi/${name}.json`);
  });

  it('says of each error of the admin API what its body is', async () => {
    const { paths } = (await call(`${baseUrl}/docs/admin.json`)).json<OpenApi>();
    const responses = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap((operation) => Object.entries(operation.responses)),
    );
    const errors = responses.filter(([status]) => Number(status) >= 400);

    expect(errors.length).toBeGreaterThan(50);
    for (const [status, { content }] of errors) {
      const [example] = Object.values(content?.['application/problem+json']?.examples ?? {});
      expect(example?.value).toMatchObject({ type: 'about:blank', status: Number(status) });
    }
  });

  it('is shown by an explorer that has all that it needs', async () => {
    const page = await call(`${baseUrl}/docs`);
    const parts = [...page.text.matchAll(/(?:src|href)="(\.[^"]+)"/g)].map(([, part]) => part ?? '');
    const answers = await Promise.all(parts.map((part) => call(new URL(part, `${baseUrl}/docs`).href)));

    expect(parts).toContain('./docs/swagger-ui-init.js');
    expect(answers.map(({ status }) => status)).toEqual(parts.map(() => 200));
    const init = answers[parts.indexOf('./docs/swagger-ui-init.js')]?.text;
    for (const name of ['admin', 'receiver']) expect(init).toContain(`/docs/${name}.json`);
  });
});

describe('what the built server answers a browser', () => {
  it('runs no script but the explorer’s own, in no frame, and is what it says to be', async () => {
    const page = await call(`${baseUrl}/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    // else the explorer would be empty
    const scripts = [...page.text.matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, code] of scripts)
      expect([attributes, code?.trim()]).toEqual([expect.stringContaining('src='), '']);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.has('x-powered-by')).toBe(false);
    // it speaks http
    expect(page.headers.has('strict-transport-security')).toBe(false);
  });

  it('tells nothing of the inside when a route is not there', async () => {
    const answer = await call(`${baseUrl}/nowhere`);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/ at |node_modules|\.js:/);
  });
});

describe('push endpoints of the built server', () => {
  it('are on no port of its own, of its database or of a list, but on others', async () => {
    const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));
    const create = (at: number) =>
      api.createStream({ delivery: { method: PUSH, endpoint_url: `https://127.0.0.1:${at}/in` } });

    const refused = await Promise.all([port, 5432, 9091, 9092].map(create));

    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    for (const answer of refused)
      expect(answer.text).toContain('delivery.endpoint_url: this port is not allowed');
    expect((await create(9093)).status).toBe(201);
  });
});

describe('the output of the built server', () => {
  it('is one JSON object a line, without the admin token', () => {
    const lines = server.stdout.trim().split('\n');

    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
    expect(server.stdout).not.toContain(ADMIN_TOKEN);
    expect(server.stderr).not.toContain(ADMIN_TOKEN);
  });
});
