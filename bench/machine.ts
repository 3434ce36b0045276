import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from '../src/platform/database/embedded/binaries.js';

/** What the figures depend on, without a name or a path of the machine. */
export async function machineFacts(): Promise<string[]> {
  const model = cpus()[0]?.model.trim() ?? '';
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${await postgresVersion()}`,
    `${availableParallelism()} cores${model === '' ? '' : ` (${model})`}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${process.arch}; transmitter, receivers, baselines and PostgreSQL share them`,
  ];
}

async function postgresVersion(): Promise<string> {
  const { binDir } = await findBinaries({
    binDir: process.env.SSF_PG_BIN,
    log: () => undefined,
    user: undefined,
    packageDir: undefined,
    stateDir: undefined,
  });
  const text = execFileSync(join(binDir, 'postgres'), ['--version'], { encoding: 'utf8' });
  return `PostgreSQL ${/\d+(\.\d+)*/.exec(text)?.[0] ?? 'of an unknown version'}`;
}
