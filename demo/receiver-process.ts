import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command, Report } from './messages.js';
import { type Patience, withinDeadline } from './waiting.js';

type ReportOf<Kind extends Report['is']> = Extract<Report, { is: Kind }>;

/** The receiver (receiver.ts) as its parent sees it: commands go in, reports come out. */
export class ReceiverProcess {
  private readonly child: ChildProcess;
  private readonly news = new EventEmitter();
  private unread: Report[] = [];
  private isEnding = false;

  /** @param onFailure hears why the receiver cannot go on */
  constructor(onFailure: (reason: string) => void) {
    this.child = fork(fileURLToPath(new URL('receiver.ts', import.meta.url)), {
      execArgv: ['--import', import.meta.resolve('tsx')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true, // Ctrl-C is for the demo, which ends its children in order
    });
    this.child.on('message', (report: Report) => {
      if (report.is === 'failed') onFailure(report.reason);
      else this.unread.push(report);
      this.news.emit('report');
    });
    this.child.on('error', (error) => onFailure(`the receiver: ${error.message}`));
    this.child.on('exit', (code, signal) => {
      if (!this.isEnding) onFailure(`the receiver ended unexpectedly (${signal ?? `code ${code}`})`);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  tell(command: Command): void {
    this.child.send(command);
  }

  /** The next report of this kind, which may have come already. */
  async next<Kind extends Report['is']>(
    kind: Kind,
    patience: Patience,
    isMeant: (report: ReportOf<Kind>) => boolean = () => true,
  ): Promise<ReportOf<Kind>> {
    return withinDeadline(patience, async (signal) => {
      for (;;) {
        const found = this.unread.find(
          (report): report is ReportOf<Kind> => report.is === kind && isMeant(report as ReportOf<Kind>),
        );
        if (found) {
          this.unread = this.unread.filter((report) => report !== found);
          return found;
        }
        await once(this.news, 'report', { signal });
      }
    });
  }

  async end(): Promise<void> {
    this.isEnding = true;
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null)
      return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL'); // it has nothing to lose
    await exited;
  }
}
