import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useRawBodies } from '../../../src/platform/http/raw-bodies.js';
import { AddressPolicy } from '../../../src/platform/outbound/address-policy.js';
import { EndpointPolicy } from '../../../src/platform/outbound/endpoint-policy.js';
import {
  EXPIRED_CERTIFICATE,
  TEST_CA,
  TEST_CERTIFICATE,
} from '../../../src/platform/outbound/test-certificate.fixture.js';
import { TestReceivers } from '../../../src/platform/outbound/test-receiver.fixture.js';
import { PinoNestLogger } from '../../../src/platform/telemetry/nest-logger.js';
import { ServerModule } from '../../../src/server/server.module.js';
import { dataSourceOptions } from '../../../src/server/standalone.js';
import type { Attempt } from '../../support/api-types.js';
import { PUSH } from '../../support/receiver-client.js';
import { createProvider, createReceiverApi, sessionRevoked } from '../../support/scenario.js';
import {
  startTransmitterOn,
  type HostSettings,
  type RunningHost,
  type Transmitter,
} from '../../support/transmitter.js';

/** What names resolve to. All else is as in production: https only, and 127.0.0.1 is an allowed private network. */
const names = new Map<string, string>();

async function startHost({ port, database, ssf, logger }: HostSettings): Promise<RunningHost> {
  const dataSource = dataSourceOptions({ databaseUrl: undefined }, { connection: database.connection });
  const addresses = new AddressPolicy({ allowLoopback: false, allowedCidrs: ['127.0.0.1/32'] });
  const policy = new EndpointPolicy(addresses, {
    allowHttp: false,
    resolveHost: async (name) => {
      const address = names.get(name);
      if (address === undefined) throw new Error(`ENOTFOUND ${name}`);
      return [{ address, family: 4 }];
    },
  });
  const module = await Test.createTestingModule({ imports: [ServerModule.with({ dataSource, ssf })] })
    .overrideProvider(EndpointPolicy)
    .useValue(policy)
    .setLogger(new PinoNestLogger(logger))
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
    bodyParser: false,
  });
  useRawBodies(app, { owns: () => true });
  await app.listen(port, '127.0.0.1');
  return { stop: () => app.close() };
}

const receivers = new TestReceivers(onTestFinished);
let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitterOn(startHost, { insecurePushTargets: undefined, pushExtraCa: TEST_CA });
});

afterAll(() => transmitter.stop());

interface Receiving {
  /** records a signal and answers the first attempt to push its SET */
  attempt(): Promise<Attempt | undefined>;
  /** how many requests the receiver got */
  readonly requests: () => number;
}

/** A receiver over TLS with a stream. */
async function receiving(
  host: string,
  { on = transmitter, certificate = TEST_CERTIFICATE } = {},
): Promise<Receiving> {
  let requests = 0;
  const port = await receivers.https((_request, response) => {
    requests += 1;
    // so that the next push has to connect anew
    response.writeHead(202, { connection: 'close' }).end();
  }, certificate);
  names.set(host, '127.0.0.1');
  const provider = await createProvider(on);
  const { api } = await createReceiverApi(on, provider);
  await api.createdStream({ delivery: { method: PUSH, endpoint_url: `https://${host}:${port}/in` } });
  return {
    requests: () => requests,
    attempt: async () => {
      const { outcomes } = await on.admin.fannedOut(await on.admin.record(sessionRevoked(provider)));
      const jti = outcomes[0]?.jti ?? '';
      const set = await on.admin.setWhen(jti, 'tried', ({ attempts }) => attempts.length > 0);
      return set.attempts[0];
    },
  };
}

describe('a push endpoint over TLS', () => {
  it('is called when its certificate is of the extra authority', async () => {
    const { attempt, requests } = await receiving('receiver.test');

    expect(await attempt()).toMatchObject({ outcome: 'delivered', httpStatus: 202 });
    expect(requests()).toBe(1);
  });

  it.each([
    ['of another name', 'other.test', TEST_CERTIFICATE, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', 'receiver.test', EXPIRED_CERTIFICATE, 'CERT_HAS_EXPIRED'],
  ])(
    'gets nothing with a certificate %s, and the attempt says why',
    async (_what, host, certificate, code) => {
      const { attempt, requests } = await receiving(host, { certificate });

      expect(await attempt()).toMatchObject({
        outcome: 'retry',
        httpStatus: null,
        err: 'tls_failure',
        description: `the TLS connection failed (${code})`,
      });
      expect(requests()).toBe(0);
    },
  );

  it('gets nothing with a certificate of an authority that nobody named', async () => {
    const on = await startTransmitterOn(startHost, { insecurePushTargets: undefined });
    onTestFinished(() => on.stop());
    const { attempt, requests } = await receiving('receiver.test', { on });

    expect(await attempt()).toMatchObject({
      err: 'tls_failure',
      description: expect.stringMatching(/UNABLE_TO_/) as unknown,
    });
    expect(requests()).toBe(0);
  });
});

describe('a name', () => {
  it.each(['10.0.0.5', '169.254.169.254', '127.0.0.2'])('of %s cannot be an endpoint', async (address) => {
    names.set('inside.test', address);
    const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));

    const answer = await api.createStream({
      delivery: { method: PUSH, endpoint_url: 'https://inside.test/in' },
    });

    expect(answer.status).toBe(400);
    const { description } = answer.json<{ description: string }>();
    expect(description).toMatch(
      /^delivery\.endpoint_url: the host is, or resolves to, an address that is not allowed/,
    );
    expect(description).not.toContain(address);
  });

  it('that moves to a private address later gets nothing more, and the attempt says why', async () => {
    const { attempt, requests } = await receiving('receiver.test');
    await attempt();

    names.set('receiver.test', '10.0.0.5');
    const second = await attempt();

    expect(second).toMatchObject({
      outcome: 'retry',
      httpStatus: null,
      err: 'blocked_address',
      description: 'the endpoint is, or resolves to, an address that is not allowed',
    });
    expect(requests()).toBe(1);
  });
});
