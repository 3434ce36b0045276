import { Logger } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { type SetSigner, signInPool, type SigningRecipe } from '../core/set/sign-set.js';

/** What the thread is told: claims to sign with one key, which is left out when it is that of the last batch. */
export interface Batch {
  readonly key: SigningRecipe | undefined;
  readonly claims: readonly string[];
}

/**
 * What the thread answers: the compact JWSs, one behind the other, and where each ends. They are handed over as they are:
 * texts would be copied into the memory of the event loop's thread, and from there into buffers to be sent.
 */
export interface SignedBatch {
  readonly bytes: ArrayBuffer;
  readonly ends: readonly (number | { readonly error: string })[];
}

interface Job {
  readonly key: SigningRecipe;
  readonly claims: string;
  readonly resolve: (jws: Buffer | Promise<Buffer>) => void;
  readonly reject: (error: Error) => void;
}

/** Bounds how long the first of a batch waits for the last: 50 µs each. */
const MAX_BATCH = 32;

/**
 * A thread that signs with elliptic curves. Such a signature takes 50 µs, and handing it to the thread pool and back can
 * take the event loop as long, since the thread that is woken for it displaces the event loop where cores are few. So
 * what comes while the thread is busy is handed over together: the more there is to sign, the less that costs.
 * (docs/scaling.md) RSA takes ten times as long, and is at home in the pool.
 *
 * The thread starts with the first signature. When it cannot be had, or has failed, there is no second try: the pool signs
 * what it left undone and all that comes.
 */
export class SigningThread {
  private readonly logger = new Logger(SigningThread.name);
  private worker: Worker | undefined;
  private waiting: Job[] = [];
  private underWay: Job[] = [];
  private lastKey: SigningRecipe | undefined;
  private isAwaited = false;
  private isClosed = false;

  signer(key: SigningRecipe): SetSigner {
    return (claims) =>
      new Promise((resolve, reject) => {
        this.waiting.push({ key, claims, resolve, reject });
        if (this.isAwaited) return;
        this.isAwaited = true;
        // with what else comes in this turn of the event loop
        setImmediate(() => this.handOver());
      });
  }

  /** What is not signed yet, and whatever comes later, is signed in the pool. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker?.terminate();
  }

  private handOver(): void {
    if (this.underWay.length > 0) return;
    const key = this.waiting[0]?.key;
    if (!key) {
      this.isAwaited = false;
      this.worker?.unref();
      return;
    }
    const worker = this.isClosed ? undefined : (this.worker ??= this.start());
    if (!worker) {
      this.signInPool();
      return;
    }
    const end = this.waiting.findIndex((job) => job.key !== key);
    this.underWay = this.waiting.splice(0, Math.min(MAX_BATCH, end < 0 ? MAX_BATCH : end));
    const claims = this.underWay.map((job) => job.claims);
    worker.ref();
    worker.postMessage({ key: key === this.lastKey ? undefined : key, claims } satisfies Batch);
    this.lastKey = key;
  }

  private take(answer: SignedBatch | undefined): void {
    const jobs = this.underWay;
    this.underWay = [];
    let start = 0;
    for (const [index, { resolve, reject }] of jobs.entries()) {
      const end = answer?.ends[index];
      if (answer && typeof end === 'number') {
        resolve(Buffer.from(answer.bytes, start, end - start));
        start = end;
      } else reject(new Error(typeof end === 'object' ? end.error : 'the signing thread gave no answer'));
    }
    if (this.waiting.length > 0) this.handOver();
    else setImmediate(() => this.handOver());
  }

  /** Undefined where threads are not to be had. */
  private start(): Worker | undefined {
    try {
      return this.listenTo(this.spawn());
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private spawn(): Worker {
    return new Worker(new URL('./signing-thread.worker.js', import.meta.url), {
      name: 'ssf-signing',
      // it needs nothing of what this process was started with
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
    });
  }

  private listenTo(worker: Worker): Worker {
    worker.on('message', (answer: SignedBatch) => this.take(answer));
    // what cannot be read is no answer
    worker.on('messageerror', () => this.take(undefined));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', (code) => {
      if (!this.isClosed) this.fail(new Error(`it ended with code ${code}`));
      this.worker = undefined;
      this.signInPool();
    });
    return worker;
  }

  private fail(error: unknown): void {
    this.isClosed = true;
    this.logger.error({ err: error }, 'there is no signing thread any more, the thread pool signs');
  }

  private signInPool(): void {
    const jobs = [...this.underWay, ...this.waiting];
    this.underWay = [];
    this.waiting = [];
    this.isAwaited = false;
    for (const { key, claims, resolve } of jobs) resolve(signInPool(key, claims));
  }
}
