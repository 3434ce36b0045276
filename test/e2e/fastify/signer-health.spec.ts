import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../../support/http.js';
import { RemoteSigner } from '../../support/remote-signer.js';
import { connect, createProvider } from '../../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

let signer: RemoteSigner;
let transmitter: Transmitter;
/** Delivers, and has the signer. */
let worker: Awaited<ReturnType<typeof startReplica>>;

beforeAll(async () => {
  signer = await RemoteSigner.start();
  transmitter = await startTransmitter({ delivery: false, sweepIntervalMs: 50 });
  worker = await startReplica(transmitter, { delivery: true, signer: signer.options });
});

afterAll(async () => {
  await worker.stop();
  await transmitter.stop();
  await signer.down();
});

/** What a load balancer is answered; anything but 200 would take the process out of service. */
async function readiness(): Promise<{ status: string; reasons?: string[] }> {
  const answer = await call(`${worker.baseUrl}/healthz/ready`);
  expect(answer.status).toBe(200);
  return answer.json();
}

/** By reason; values are told again for two seconds. */
async function failingKeys(): Promise<Record<string, number>> {
  const { text } = await call(`${worker.baseUrl}/metrics`);
  const found = [...text.matchAll(/^ssf_signing_keys_failing\{reason="(\w+)"\} (\d+)$/gm)];
  return Object.fromEntries(found.map(([, reason = '', value]) => [reason, Number(value)]));
}

it('a signer that is away is seen in health and metrics, keeps the process in service, and is not asked for that', async () => {
  const local = await connect(transmitter);
  const remote = await connect(transmitter, { to: await createProvider(worker) });
  expect(await readiness()).toEqual({ status: 'ok' });

  await signer.down();
  await transmitter.admin.record(remote.signal());

  const degraded = await until('it is noticed', async () => {
    const health = await readiness();
    return health.status === 'degraded' && health;
  });
  expect(degraded.reasons).toEqual(['the remote signer does not sign with 1 key, so their SETs wait']);
  expect(await failingKeys()).toEqual({ unreachable: 1, refused: 0, invalid: 0, failed: 0 });
  // what needs no signer goes on
  await transmitter.admin.record(local.signal());
  await local.receiver.next();
  expect((await readiness()).status).toBe('degraded');

  await signer.up();
  await remote.receiver.next();
  await until('it is well', async () => (await readiness()).status === 'ok');
  await until('the metric, too', async () => (await failingKeys()).unreachable === 0);
  const asked = signer.requests.length;
  for (let count = 0; count < 10; count += 1) await readiness();
  expect(signer.requests).toHaveLength(asked);
  const changes = transmitter.logLines
    .map((line) => JSON.parse(line) as { event?: string; status?: string })
    .filter(({ event }) => event === 'health.changed');
  expect(changes.map(({ status }) => status)).toEqual(['degraded', 'ok']);
});
