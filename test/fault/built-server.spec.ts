import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { call } from '../support/http.js';
import { ServerProcess } from '../support/server-process.js';

const ADMIN_TOKEN = 'admin-token-of-the-built-server';

interface Schema {
  readonly required?: string[];
  readonly properties?: Record<string, object>;
}

interface OpenApi {
  readonly components: { readonly schemas: Record<string, Schema> };
}

let server: ServerProcess;
let database: TestDatabase;
let baseUrl: string;

beforeAll(async () => {
  database = await TestDatabase.create();
  const port = await freePort();
  baseUrl = `http://127.0.0.1:${port}`;
  server = new ServerProcess({
    PORT: String(port),
    SSF_HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    SSF_ADMIN_TOKEN: ADMIN_TOKEN,
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  });
  await server.ready(baseUrl, ADMIN_TOKEN);
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
      ([, schema]) => Object.keys(schema.properties ?? {}).length === 0,
    );
    expect(empty).toEqual([]);
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
