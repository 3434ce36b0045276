import { EventEmitter2 } from '@nestjs/event-emitter';
import { createApp } from '../../src/server/create-app.js';
import { dataSourceOptions } from '../../src/server/standalone.js';
import type { HostSettings, RunningHost } from './transmitter.js';

/** The standalone server in this process. */
export async function startFastifyHost(
  { port, database, ssf, logger }: HostSettings,
  isSilent = false,
): Promise<RunningHost> {
  const dataSource = dataSourceOptions({ databaseUrl: undefined }, { connection: database.connection });
  const app = await createApp({ dataSource, ssf, logger });
  try {
    await app.listen(port, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  // the server has no other emitter than the module's
  if (isSilent) app.get(EventEmitter2, { strict: false }).removeAllListeners();
  return { stop: () => app.close() };
}
