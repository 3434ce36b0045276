import { Injectable } from '@nestjs/common';
import type { Application } from '../applications/application.entity.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { NOTE_ACTIVITY_SQL } from './stream-activity.sql.js';

/** Activity is noted once in this part of a timeout, by which the timeout is then longer than what was promised. */
export const NOTED_PART = 1 / 8;

/** What receivers do about their streams, as far as an inactivity timeout depends on it (SSF 1.0 section 8.1.1). */
@Injectable()
export class StreamActivityService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** To be called for every request of a receiver that names a stream of its own, polls among them. */
  async note(streamId: string, { inactivityTimeoutSeconds }: Application): Promise<void> {
    if (inactivityTimeoutSeconds === null) return;
    await this.unitOfWork.manager.query(NOTE_ACTIVITY_SQL, [streamId, inactivityTimeoutSeconds * NOTED_PART]);
  }
}
