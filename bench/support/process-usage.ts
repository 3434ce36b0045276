import { readdir, readFile } from 'node:fs/promises';

/** Of `/proc/{pid}/stat`: the kernel's clock ticks, of which there are 100 a second on Linux. */
const TICKS_PER_SECOND = 100;
const KB = 1024;

/** CPU time that a process has used, all its threads together, in seconds. */
export async function cpuSeconds(pid: number): Promise<number> {
  const { own } = await times(pid);
  return own;
}

/** The same of a PostgreSQL server: the postmaster, its children that ended, and those that live. */
export async function postgresCpuSeconds(postmaster: number): Promise<number> {
  const { own, ended } = await times(postmaster);
  const children = await childrenOf(postmaster);
  const living = await Promise.all(children.map((pid) => times(pid).catch(() => ({ own: 0, ended: 0 }))));
  return own + ended + living.reduce((total, child) => total + child.own, 0);
}

/** What a process has in memory now. */
export function residentBytes(pid: number): Promise<number> {
  return status(pid, 'VmRSS');
}

/** The most that it ever had. */
export function peakResidentBytes(pid: number): Promise<number> {
  return status(pid, 'VmHWM');
}

async function status(pid: number, name: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  const kb = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kb === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return Number(kb) * KB;
}

async function times(pid: number): Promise<{ own: number; ended: number }> {
  const fields = await stat(pid);
  // proc(5): utime, stime, cutime, cstime are the fields 14 to 17; ours begin with the third
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return {
    own: (user + system) / TICKS_PER_SECOND,
    ended: (childUser + childSystem) / TICKS_PER_SECOND,
  };
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map((pid) =>
      stat(pid)
        .then((fields) => Number(fields[1]))
        // it ended meanwhile
        .catch(() => 0),
    ),
  );
  return pids.filter((_, index) => parents[index] === parent);
}

/** The fields after the command's name, which may hold blanks. */
async function stat(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
