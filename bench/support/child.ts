import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Commands, Reply, Request } from '../processes/serve.js';
import { cleanEnvironment } from './environment.js';
import type { Resources } from './resources.js';
import { ROOT } from './root.js';

type Asked = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

/** A process of `bench/processes`, which does what it is asked to. */
export class Child<Known extends Commands> {
  private readonly asked = new Map<number, Asked>();
  private nextId = 0;
  private isEnding = false;

  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
  ) {
    process.on('message', (reply: Reply) => this.settle(reply));
    process.on('exit', (code, signal) => {
      for (const { reject } of this.asked.values())
        reject(new Error(`the process ${name} ended (${signal ?? `code ${code}`})`));
      this.asked.clear();
    });
  }

  /** `name` is that of its file. */
  static start<Known extends Commands>(resources: Resources, name: string): Child<Known> {
    const child = fork(join(ROOT, 'bench', 'processes', `${name}.ts`), {
      cwd: ROOT,
      execArgv: ['--import', 'tsx'],
      env: cleanEnvironment(),
      serialization: 'advanced',
      // an interruption is for the runner, which ends the processes in order
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new Child<Known>(name, child);
    resources.add(`the process ${name}`, () => started.end());
    return started;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  call<Name extends keyof Known & string>(
    command: Name,
    ...[argument]: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    if (this.process.exitCode !== null || this.isEnding)
      return Promise.reject(new Error(`the process ${this.name} has ended`));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, {
        resolve: (result) => resolve(result as Awaited<ReturnType<Known[Name]>>),
        reject,
      });
      const request: Request = { id, command, argument };
      this.process.send(request, (error) => error && reject(error));
    });
  }

  private settle(reply: Reply): void {
    const asked = this.asked.get(reply.id);
    this.asked.delete(reply.id);
    if ('error' in reply) asked?.reject(new Error(`${this.name}: ${reply.error}`));
    else asked?.resolve(reply.result);
  }

  private async end(): Promise<void> {
    this.isEnding = true;
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}
