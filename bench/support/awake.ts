import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './environment.js';
import type { Resources } from './resources.js';

const LOOP = fileURLToPath(new URL('../processes/awake-loop.mjs', import.meta.url));

/**
 * One loop per core, which gets what time nobody else wants. The host of a virtual machine gives cores that have
 * nothing to do to others, and takes its time to give them back: with processes that wait for each other half of what is
 * measured can be that (`steal` in /proc/stat).
 *
 * @throws Error where there is no `chrt`; ending one that has ended by itself fails
 */
export async function keepAwake(resources: Resources): Promise<void> {
  for (let core = 0; core < availableParallelism(); core += 1) {
    const child = spawn('chrt', ['--idle', '0', process.execPath, LOOP], {
      // an interruption is for the runner, which ends the processes in order
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: cleanEnvironment(),
    });
    resources.add('a loop that keeps a core awake', async () => {
      if (child.pid === undefined) return;
      if (!child.kill('SIGKILL')) throw new Error(`it had ended by itself (code ${child.exitCode ?? ''})`);
      await once(child, 'exit');
    });
    await once(child, 'spawn');
    // sched(7), autogroup: sessions get equal shares, so SCHED_IDLE holds among processes of its own session only
    const group = `/proc/${child.pid ?? ''}/autogroup`;
    if (existsSync(group)) await writeFile(group, '19');
  }
}
