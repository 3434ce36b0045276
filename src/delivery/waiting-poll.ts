/** RFC 8936 section 2.3. */
export interface PollAnswer {
  readonly sets: Record<string, string>;
  readonly moreAvailable?: true;
}

export const EMPTY_ANSWER: PollAnswer = { sets: {} };

/** What is asked of a stream's queue. */
export interface SetsAsk {
  readonly streamId: string;
  readonly providerId: string;
  /** SETs that are taken; 0 only asks whether there is one (RFC 8936 section 2.4.2) */
  readonly max: number;
}

export interface PollAsk extends SetsAsk {
  /** how long it waits when there is nothing; 0: not at all */
  readonly holdMs: number;
}

/**
 * A poll that waits for its answer. Thousands of them are held, so it knows ids and no entities.
 */
export class WaitingPoll implements SetsAsk {
  readonly streamId: string;
  readonly providerId: string;
  readonly max: number;
  readonly answered: Promise<PollAnswer>;
  /** SETs are being looked up for it just now */
  isServed = false;
  /** nothing was there when it was first looked for */
  hasWaited = false;
  /** its receiver went away */
  isGone = false;
  private isOver: boolean;
  private resolve: ((answer: PollAnswer) => void) | undefined;
  private reject: ((error: unknown) => void) | undefined;
  private readonly timer: NodeJS.Timeout | undefined;

  /** `over` is called when it has waited long enough. */
  constructor({ streamId, providerId, max, holdMs }: PollAsk, over: (poll: WaitingPoll) => void) {
    this.streamId = streamId;
    this.providerId = providerId;
    this.max = max;
    this.isOver = holdMs === 0;
    this.answered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    if (holdMs > 0)
      this.timer = setTimeout(() => {
        this.isOver = true;
        over(this);
      }, holdMs);
  }

  /** False: it is answered, even with nothing. */
  get isHeld(): boolean {
    return !this.isOver;
  }

  /** Later answers count for nothing. */
  answer(answer: PollAnswer): void {
    clearTimeout(this.timer);
    this.resolve?.(answer);
  }

  fail(error: unknown): void {
    clearTimeout(this.timer);
    this.reject?.(error);
  }
}
