import { FRONT, type ReadRequest } from '../queue/lease.service.js';

/** What a stream wants to read next. */
export interface StreamRead extends ReadRequest {
  /** `front`: the queue from its first SET on. `look`: that SET alone. `on`: what comes after the last read. */
  readonly kind: 'front' | 'look' | 'on';
}

/**
 * How far the reading of one queue has come. The cursor is a hint within one pass: rows of a later commit may have a
 * lower seq, and SETs may be put in front. At the end of the queue the next pass starts from the front again.
 */
export class ReadPosition {
  private cursor = FRONT;
  private mustRead = true;
  private mustLook = false;
  private startsAnew = false;
  private isPastLast = false;

  /** Whether there was nothing more, and nothing has happened since. */
  get isAtEnd(): boolean {
    return this.isPastLast;
  }

  /** There may be more. */
  ring(): void {
    this.mustRead = true;
    this.isPastLast = false;
  }

  /** There may be something in front, whatever is being read at this moment. */
  restart(): void {
    this.startsAnew = true;
    this.ring();
  }

  /** The first SET of the queue is to be looked at, unless it is read from there anyway. */
  look(): void {
    if (this.cursor === FRONT) this.ring();
    else this.mustLook = true;
  }

  /** From where to read; undefined: nothing, unless there `isLow` is what is at hand. */
  next(isLow: boolean): Pick<StreamRead, 'after' | 'kind'> | undefined {
    const isLooking = this.mustLook;
    this.mustLook = false;
    if (!this.mustRead && !isLow) return isLooking ? { after: FRONT, kind: 'look' } : undefined;
    if (this.startsAnew || isLooking) this.cursor = FRONT;
    this.mustRead = false;
    this.startsAnew = false;
    return { after: this.cursor, kind: this.cursor === FRONT ? 'front' : 'on' };
  }

  /** It was read up to this seq, or with `undefined` to the end. `isFreed`: what was passed over is to be read after all. */
  reached(end: string | undefined, isFreed: boolean): void {
    this.cursor = end === undefined || isFreed ? FRONT : end;
    this.mustRead ||= isFreed;
    this.isPastLast = end === undefined && !this.mustRead;
  }
}
