import { Injectable, Logger } from '@nestjs/common';
import { uuidArray } from '../platform/database/sql-arrays.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { tracer } from '../platform/tracing/spans.js';
import { SIGNALS_OF_SETS_SQL, TRACEPARENTS_SQL } from './set-traces.sql.js';

const NONE: ReadonlyMap<string, string> = new Map();

/** From which traces SETs come. It is looked up where it is wanted, so that the queues need not carry it. */
@Injectable()
export class SetTracesService {
  private readonly logger = new Logger(SetTracesService.name);

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * The `traceparent` of each SET's signal that has one, by jti; of none while nobody traces. What cannot be looked up
   * is missing: a SET is not held up by its trace.
   */
  async of(jtis: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (!tracer() || jtis.length === 0) return NONE;
    try {
      return await this.read(jtis);
    } catch (error) {
      this.logger.warn({ err: error }, 'SETs are sent without a link to the trace that they come from');
      return NONE;
    }
  }

  private async read(jtis: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { manager } = this.unitOfWork;
    const sets = await manager.query<{ jti: string; signalId: string }[]>(SIGNALS_OF_SETS_SQL, [
      uuidArray(jtis, (jti) => jti),
    ]);
    const signalIds = [...new Set(sets.map(({ signalId }) => signalId))];
    if (signalIds.length === 0) return NONE;
    const signals = await manager.query<{ id: string; traceparent: string }[]>(TRACEPARENTS_SQL, [
      uuidArray(signalIds, (id) => id),
    ]);
    const traceparents = new Map(signals.map(({ id, traceparent }) => [id, traceparent]));
    return new Map(
      sets.flatMap(({ jti, signalId }) => {
        const traceparent = traceparents.get(signalId);
        return traceparent === undefined ? [] : [[jti, traceparent] as const];
      }),
    );
  }
}
