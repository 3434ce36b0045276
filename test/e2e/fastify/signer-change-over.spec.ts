import { expect, it } from 'vitest';
import { RemoteSigner } from '../../support/remote-signer.js';
import { connect } from '../../support/scenario.js';
import { keysOf, rotateKey } from '../../support/signing-keys.js';
import { startReplica, startTransmitter } from '../../support/transmitter.js';

it('a rotation takes a provider there whose key is in the database', async () => {
  const signer = await RemoteSigner.start();
  const local = await startTransmitter({ delivery: false, sweepIntervalMs: 50 });
  const remote = await startReplica(local, { delivery: true, signer: signer.options });
  try {
    const connection = await connect(local);
    const { provider, receiver, signal } = connection;
    await local.admin.record(signal());
    const before = await receiver.next();
    expect(await keysOf(local, provider)).toMatchObject([{ location: 'local', remoteKeyId: null }]);
    expect(
      (await local.admin.call(`/providers/${provider.id}/signing-keys`, { body: { remoteKeyId: 'k' } }))
        .status,
    ).toBe(400);

    const key = await rotateKey(remote, provider, { immediately: true });

    expect(key.location).toBe('remote');
    receiver.believe({ ...provider, audience: connection.application.audience });
    await local.admin.record(signal());
    const after = await receiver.next(({ token }) => token !== before.token);
    expect(after.header.kid).toBe(key.kid);
  } finally {
    await remote.stop();
    await local.stop();
    await signer.down();
  }
});
