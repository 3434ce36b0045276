import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { LeaseService, type ReadResult } from '../queue/lease.service.js';
import { PushTargetsService } from '../streams/push-targets.service.js';
import { LeaseTable } from './lease-table.js';
import { LeasedStream } from './leased-stream.js';
import type { StreamRead } from './read-position.js';

/** Streams that one process works on at a time; with each comes what is read ahead of it. */
const MAX_LEASES = 1_024;
/** A lease is kept so long after its last SET, so that the next one needs no new lease. */
const LINGER_MS = 5_000;
/** How long a stream is served while others wait for a lease. */
const MAX_TURN_MS = 1_000;

/** Takes, renews and gives back this process' leases of streams. */
@Injectable()
export class LeaseKeeper {
  readonly owner = randomUUID();
  readonly table = new LeaseTable();
  private readonly succeeded = new Set<string>();
  /** acquired, but there is no such stream any more, or it does not push */
  private readonly strays = new Set<string>();
  private validUntil = 0;
  private nextHeartbeatAt = 0;

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly leaseService: LeaseService,
    private readonly targets: PushTargetsService,
    private readonly metrics: SsfMetrics,
  ) {}

  get heartbeatMs(): number {
    return (this.config.leaseSeconds * 1000) / 6;
  }

  get hasRoom(): boolean {
    return this.table.size < MAX_LEASES;
  }

  /** A lease that is about to end may be taken over before the answer to a push comes: then better not send. */
  get maySend(): boolean {
    const { signingTimeoutMs, pushTimeoutMs } = this.config;
    return performance.now() + signingTimeoutMs + pushTimeoutMs < this.validUntil;
  }

  /** Of these streams, or of all, those that have something to send and that nobody works on. */
  async acquire(among: readonly string[] | undefined): Promise<void> {
    const startedAt = performance.now();
    const free = MAX_LEASES - this.table.size;
    const acquired = await this.leaseService.acquire(this.owner, free, this.config.leaseSeconds, among);
    if (acquired.length === 0) return;
    if (this.table.size === 0) this.extendValidity(startedAt);
    const targets = await this.targets.load(acquired.map(({ streamId }) => streamId));
    const cap = this.config.maxInFlightPerStream;
    for (const { streamId, version, failures } of acquired) {
      const target = targets.get(streamId);
      if (target) this.table.add(new LeasedStream(target, { version, failures, cap, now: startedAt }));
      else this.strays.add(streamId);
    }
  }

  /** Other streams wait: those that have nothing more, or were served for a while, go to the end of the line. */
  makeRoom(): void {
    const now = performance.now();
    for (const stream of this.table.all())
      if (stream.isIdle(now, 0) || now - stream.acquiredAt > MAX_TURN_MS) stream.stop();
  }

  /**
   * Of those that were changed since they were leased: what is sent from now on goes to the new target. What the change
   * has put in front of the queue is read first, unless this read has seen it.
   */
  async refresh(
    reads: readonly { stream: LeasedStream; request: StreamRead; result: ReadResult }[],
  ): Promise<void> {
    const changed = reads.filter(({ stream, result }) => stream.version !== result.version);
    if (changed.length === 0) return;
    const targets = await this.targets.load(changed.map(({ stream }) => stream.streamId));
    for (const { stream, request, result } of changed) {
      const target = targets.get(stream.streamId);
      if (!target) stream.stop();
      else {
        stream.target = target;
        stream.version = result.version;
        if (request.kind !== 'front') stream.hold();
      }
    }
  }

  /** Another process has it, or it is none to push to any more. */
  lose(stream: LeasedStream): void {
    if (!stream.isStopped) this.metrics.leasesLost.inc();
    stream.stop();
  }

  /**
   * One statement renews all leases, gives back those that are done, and notes which streams had a success. A lease is
   * kept while there is something to write of its stream: whoever has it next would send that again.
   */
  async renewAndRelease(isUnsettled: (streamId: string) => boolean): Promise<void> {
    const now = performance.now();
    const isDue = now >= this.nextHeartbeatAt && this.table.size > 0;
    const released = [...this.table.all()].filter(
      (stream) =>
        (stream.isReleasable || (isDue && stream.isIdle(now, LINGER_MS))) && !isUnsettled(stream.streamId),
    );
    for (const stream of this.table.all()) if (stream.takeSuccess()) this.succeeded.add(stream.streamId);
    const ids = [...this.strays, ...released.map(({ streamId }) => streamId)];
    if (!isDue && ids.length === 0) return;
    const succeeded = [...this.succeeded];
    const held = await this.leaseService.heartbeat(this.owner, this.config.leaseSeconds, ids, succeeded);
    this.nextHeartbeatAt = now + this.heartbeatMs;
    this.extendValidity(now);
    this.strays.clear();
    for (const streamId of succeeded) this.succeeded.delete(streamId);
    for (const stream of released) this.table.remove(stream);
    for (const stream of this.table.all()) if (!held.has(stream.streamId)) this.lose(stream);
    // taken by a statement whose answer was lost: given back with the next heartbeat, not kept for ever
    for (const streamId of held) if (!this.table.get(streamId)) this.strays.add(streamId);
  }

  /** All leases of this process end together, so long after the statement that renewed them was sent. */
  private extendValidity(from: number): void {
    this.validUntil = from + this.config.leaseSeconds * 1000;
  }
}
