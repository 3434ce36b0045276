import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Resource {
  readonly what: string;
  end(): Promise<unknown>;
}

/**
 * Everything that has to be gone when a figure ends: processes, connections, folders. Whoever starts something puts
 * it here in the same breath, before anything is awaited, so that an interruption finds it.
 */
export class Resources {
  private readonly open: Resource[] = [];
  private ended: Promise<void> | undefined;

  add(what: string, end: () => Promise<unknown>): void {
    this.open.push({ what, end });
    if (!this.ended) return;
    // an interruption was faster than the figure
    this.ended = this.ended.then(() => this.endAll());
    throw new Error(`interrupted before ${what}`);
  }

  /** A new folder that every user may enter: a database that root starts runs as another user. */
  temporaryFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'ssf-bench-'));
    this.add(folder, () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
    chmodSync(folder, 0o755);
    return folder;
  }

  /** Ends all, the youngest first. One that fails does not keep the others: the failures come together, at the end. */
  async end(): Promise<void> {
    this.ended ??= this.endAll();
    // what is added meanwhile prolongs it
    for (let ended; ended !== this.ended;) {
      ended = this.ended;
      await ended;
    }
  }

  private async endAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let resource = this.open.pop(); resource; resource = this.open.pop())
      try {
        await resource.end();
      } catch (error) {
        failures.push(new Error(`could not end ${resource.what}`, { cause: error }));
      }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be cleaned up');
  }
}
