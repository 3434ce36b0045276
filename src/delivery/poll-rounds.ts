import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import type { Disconnection } from '../platform/http/disconnection.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { inNoTrace } from '../platform/tracing/contexts.js';
import { PollQueueService, type QueuePlace } from '../queue/poll-queue.service.js';
import { PollHandOutService, type Portion } from './poll-hand-out.service.js';
import { PollLines } from './poll-lines.js';
import { EMPTY_ANSWER, type PollAnswer, type PollAsk, WaitingPoll } from './waiting-poll.js';

/** Streams that are asked for together. */
const MAX_STREAMS = 500;
/** While one round signs, another may ask the database. */
const MAX_ROUNDS = 2;

const NOTHING: Portion = { isPolled: false, sets: {}, places: [], hasMore: false, isCutOff: false };

/**
 * Serves the polls of this process. A poll joins the line of its stream; a round looks for SETs for the first of each
 * line that a doorbell, or a new poll, rang for, and all polls that come meanwhile share the next one. For what no
 * doorbell announced there is one look for all waiting polls together, so that thousands of idle polls cost one
 * statement a sweep.
 */
@Injectable()
export class PollRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PollRounds.name);
  private readonly lines = new PollLines();
  /** streams to ask for */
  private readonly rung = new Set<string>();
  /** streams that a round is asking for: nobody else does meanwhile */
  private readonly asked = new Set<string>();
  private readonly rounds = new Set<Promise<void>>();
  private unsubscribe: (() => void)[] = [];
  private isStarting = false;
  private isStopping = false;

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly handOuts: PollHandOutService,
    private readonly queue: PollQueueService,
    private readonly bus: SsfEventBus,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = (['set.queued', 'stream.changed'] as const).map((event) =>
      this.bus.on(event, ({ streamIds }) => this.ring(streamIds)),
    );
    this.tasks.every(this.config.sweepIntervalMs, 'poll-sweep', async () =>
      this.ring(await this.queue.look(this.lines.streamIds)),
    );
  }

  /** Every poll is answered before the connections are closed (an empty answer is better than a reset). */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    for (const poll of this.lines.all()) if (!poll.isServed) this.end(poll);
    while (this.rounds.size > 0) await Promise.allSettled(this.rounds);
  }

  /** Answers when there is something, when the time is over, or when the stream is none to poll any more. */
  async serve(ask: PollAsk, connection: Disconnection): Promise<PollAnswer> {
    const holdMs = this.isStopping ? 0 : ask.holdMs;
    const poll = new WaitingPoll({ ...ask, holdMs }, (over) => {
      // one that is being served is answered at the end of the round
      if (!over.isServed) this.end(over);
    });
    const forget = connection.whenItHappens(() => {
      poll.isGone = true;
      this.logger.debug({ event: 'poll.disconnected', streamId: ask.streamId });
      if (!poll.isServed) this.end(poll);
    });
    this.lines.join(poll);
    if (connection.hasHappened) this.end(poll);
    else this.makeRoom();
    this.ring([ask.streamId]);
    try {
      return await poll.answered;
    } finally {
      forget();
    }
  }

  private ring(streamIds: readonly string[]): void {
    for (const streamId of streamIds) if (this.lines.first(streamId)) this.rung.add(streamId);
    if (this.isStarting || this.rung.size === 0) return;
    this.isStarting = true;
    // what comes in the same turn of the event loop shares a round
    inNoTrace(() =>
      setImmediate(() => {
        this.isStarting = false;
        this.startRounds();
      }),
    );
  }

  private startRounds(): void {
    while (this.rounds.size < MAX_ROUNDS) {
      const polls = this.takeFirsts();
      if (polls.length === 0) return;
      const round = this.round(polls)
        .catch((error: unknown) => {
          for (const poll of polls) this.fail(poll, error);
        })
        .finally(() => {
          this.rounds.delete(round);
          this.startRounds();
        });
      this.rounds.add(round);
    }
  }

  /** The first poll of each line that is rung for and not asked for already. */
  private takeFirsts(): WaitingPoll[] {
    const polls: WaitingPoll[] = [];
    for (const streamId of this.rung) {
      if (polls.length === MAX_STREAMS) break;
      if (this.asked.has(streamId)) continue;
      this.rung.delete(streamId);
      const poll = this.lines.first(streamId);
      if (!poll) continue;
      poll.isServed = true;
      this.asked.add(streamId);
      polls.push(poll);
    }
    return polls;
  }

  private async round(polls: readonly WaitingPoll[]): Promise<void> {
    const portions = await this.handOuts.handOut(polls);
    await this.takeBack(polls.flatMap((poll) => this.finish(poll, portions.get(poll.streamId) ?? NOTHING)));
  }

  /** Answers a poll or leaves it waiting; returns what reached nobody. */
  private finish(poll: WaitingPoll, portion: Portion): readonly QueuePlace[] {
    const { streamId } = poll;
    this.release(poll);
    if (!portion.isPolled) {
      for (const each of this.lines.of(streamId)) this.end(each);
      return [];
    }
    const hasSets = portion.places.length > 0;
    if (poll.isGone) {
      this.end(poll);
      if (hasSets) return portion.places;
    }
    const isAnswered = !poll.isGone && (hasSets || (poll.max === 0 && portion.hasMore));
    if (isAnswered) this.end(poll, answerOf(portion));
    if (portion.isCutOff || (isAnswered && portion.hasMore)) this.ring([streamId]);
    else this.leaveWaiting(streamId);
    return [];
  }

  /** For the next poll of the line, or of another process. */
  private async takeBack(places: readonly QueuePlace[]): Promise<void> {
    if (places.length === 0) return;
    try {
      await this.handOuts.giveBack(places);
    } catch (error) {
      this.logger.warn({ err: error }, 'what reached no poll stays hidden for a while');
    }
    this.ring(places.map(({ streamId }) => streamId));
  }

  /** There is nothing: those that do not wait are answered, unless somebody rang since the round began. */
  private leaveWaiting(streamId: string): void {
    if (this.rung.has(streamId)) return;
    for (const poll of this.lines.of(streamId)) {
      if (!poll.isHeld || this.isStopping) this.end(poll);
      else if (!poll.hasWaited) this.logger.debug({ event: 'poll.waiting', streamId });
      poll.hasWaited = true;
    }
  }

  private release(poll: WaitingPoll): void {
    poll.isServed = false;
    this.asked.delete(poll.streamId);
  }

  private end(poll: WaitingPoll, answer: PollAnswer = EMPTY_ANSWER): void {
    this.lines.leave(poll);
    poll.answer(answer);
  }

  private fail(poll: WaitingPoll, error: unknown): void {
    this.release(poll);
    this.lines.leave(poll);
    poll.fail(error);
  }

  /** A process holds so many; beyond that, who holds most gives one up. */
  private makeRoom(): void {
    if (this.lines.size <= this.config.maxHeldPolls) return;
    const poll = this.lines.mostDispensable();
    if (poll) this.end(poll);
  }
}

function answerOf({ sets, hasMore }: Portion): PollAnswer {
  return hasMore ? { sets, moreAvailable: true } : { sets };
}
