import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';

/** A pid alone may be reused; together with the start of the process it names one process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** undefined when no such process runs (a zombie does not run). Synchronous for use in an exit handler. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : psField(pid, 'lstart=');
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * A process of the folder's owner that was started on this folder (by argument) or works in it, as a postmaster
 * does. Both are asked: a container's root may not read the working directory of other users' processes, and a
 * server started by hand may have a relative argument.
 */
export function isPostmasterOf(pid: number, dataDir: string): boolean {
  if (identifyProcess(pid) === undefined) return false;
  if (process.platform !== 'linux') return psField(pid, 'command=')?.includes(dataDir) ?? false;
  const owner = readProc(() => statSync(`/proc/${pid}`).uid);
  if (owner === undefined || owner !== readProc(() => statSync(dataDir).uid)) return false;
  const args = readProc(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? [];
  return args.includes(dataDir) || readProc(() => readlinkSync(`/proc/${pid}/cwd`)) === dataDir;
}

function linuxStart(pid: number): string | undefined {
  const stat = readProc(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The command name in parentheses may hold spaces: the fields that count follow the last parenthesis.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  const ticks = fields?.[19];
  if (state === undefined || ticks === undefined || state === 'Z' || state === 'X') return undefined;
  // Ticks count from boot, so that two boots could agree without the boot id.
  const boot = readProc(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return `${boot?.trim() ?? ''}:${ticks}`;
}

/** /proc answers with an error for a process that is gone or belongs to somebody else: neither is ours. */
function readProc<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function psField(pid: number, field: string): string | undefined {
  try {
    const out = execFileSync('ps', ['-o', field, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return out.trim() === '' ? undefined : out.trim();
  } catch {
    return undefined; // ps exits with 1 when there is no such process
  }
}
