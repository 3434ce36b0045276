import { SchedulerRegistry } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OAuthTokensService } from '../../../src/applications/oauth-tokens.service.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { PeriodicTasks } from '../../../src/platform/schedule/periodic-tasks.js';
import { OAuthClient } from '../../support/oauth-client.js';
import { createApplication, createProvider } from '../../support/scenario.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';

let transmitter: Transmitter;
let dataSource: DataSource;
let registry: SchedulerRegistry;
let tokens: OAuthTokensService;

beforeAll(async () => {
  transmitter = await startTransmitter();
  dataSource = await new DataSource({ type: 'postgres', url: transmitter.database.url }).initialize();
  registry = new SchedulerRegistry();
  tokens = new OAuthTokensService(new UnitOfWork(dataSource), new PeriodicTasks(registry));
});

afterAll(async () => {
  await dataSource.destroy();
  await transmitter.stop();
});

it('what has expired is deleted, and nothing else', async () => {
  const application = await createApplication(transmitter, await createProvider(transmitter));
  const client = await OAuthClient.register(transmitter, application);
  const [expired, valid] = [await client.token(), await client.token()];
  await transmitter.database.query(
    `update ssf.oauth_access_token set expires_at = now() - interval '1 second' where token_hash = sha256($1::bytea)`,
    [Buffer.from(expired)],
  );
  const [old, recent] = [randomUUID(), randomUUID()];
  await tokens.claimAssertion(old, -700);
  // it may still be good by the clock of another process
  await tokens.claimAssertion(recent, -5);

  await tokens.cleanUp();

  expect(await transmitter.database.query('select from ssf.oauth_access_token')).toHaveLength(1);
  expect(await tokens.find(valid)).toMatchObject({ clientId: client.id });
  expect(await tokens.claimAssertion(recent, 60)).toBe(false);
  expect(await tokens.claimAssertion(old, 60)).toBe(true);
});

it('a client that is gone gets no token, and no error of the database either', async () => {
  const issued = await tokens.issue({
    token: 'ssf_at_x',
    clientId: randomUUID(),
    scopes: ['ssf.read'],
    audience: 'https://idp.test/ssf/acme',
    lastsSeconds: 60,
  });

  expect(issued).toBe(false);
  expect(await tokens.find('ssf_at_x')).toBeUndefined();
});

it('what has expired is deleted by itself', () => {
  tokens.onApplicationBootstrap();

  expect(registry.getIntervals()).toEqual(['ssf.oauth-tokens']);
  registry.deleteInterval('ssf.oauth-tokens');
});
