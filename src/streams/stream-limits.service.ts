import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SsfError } from '../core/errors.js';
import { TAKE_SQL, WAIT_SQL } from './stream-limits.sql.js';

/** How often a receiver may ask for something, per stream. */
export interface StreamLimit {
  readonly kind: 'verification' | 'subjects';
  readonly count: number;
  readonly seconds: number;
}

/** Limits of frequency (SSF 1.0 sections 8.1.3 and 8.1.4), the same whichever process is asked. */
@Injectable()
export class StreamLimitsService {
  /** Counts one request. Throws `too_many_requests` with the time to wait, or `not_found`. */
  async take(manager: EntityManager, streamId: string, limit: StreamLimit): Promise<void> {
    const { kind, seconds, count } = limit;
    const parameters = [streamId, kind, seconds, count];
    const taken = await manager.query<unknown[]>(TAKE_SQL, parameters);
    if (taken.length > 0) return;
    const [wait] = await manager.query<{ seconds: number }[]>(WAIT_SQL, parameters);
    if (!wait) throw new SsfError('not_found', 'there is no such stream');
    const retryAfterSeconds = Math.max(1, wait.seconds);
    throw new SsfError('too_many_requests', `the next request is possible in ${retryAfterSeconds} s`, {
      retryAfterSeconds,
    });
  }
}
