import { Injectable } from '@nestjs/common';
import { idBefore } from '../../platform/ids/event-id.js';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  pageSize,
  toPage,
} from '../../platform/paging/page.js';
import { SetHistoryService, type SetRecord } from '../../queue/set-history.service.js';
import type { SetListFilter } from '../../queue/set-history.sql.js';
import { SignalHistoryService } from '../../signals/signal-history.service.js';
import { SubjectSearchService } from './subject-search.service.js';

/** Signals of a subject, and SETs of these, that are looked at together. */
const SIGNALS_AT_ONCE = 500;
const SETS_AT_ONCE = 500;
/** Looks for one page; where they end without filling it, the next one goes on. */
const MOST_LOOKS = 10;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** A signal is recorded before its SETs are made, unless the clocks of two machines differ. */
const CLOCKS_DIFFER_MS = 3_600_000;

/** Everything before this: older signals, and of this signal the SETs before `jti`. */
interface Place {
  readonly signalId: string;
  readonly jti: string;
}

/** The list of SETs, also by subject. */
@Injectable()
export class SetSearchService {
  constructor(
    private readonly sets: SetHistoryService,
    private readonly signals: SignalHistoryService,
    private readonly subjects: SubjectSearchService,
  ) {}

  /** Newest first; those of a subject by their signals, newest first. Throws `invalid_request`. */
  async list(
    subject: string | undefined,
    filter: SetListFilter,
    request: PageRequest,
  ): Promise<Page<SetRecord>> {
    if (subject === undefined) return this.sets.list(filter, request);
    const hashes = await this.subjects.hashes(subject, filter.providerId);
    const size = pageSize(request);
    const found: SetRecord[] = [];
    let place = await this.placeOf(decodeCursor(request.cursor), filter.to);
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const signals = await this.signals.setsOfSubject(hashes, place.signalId, SIGNALS_AT_ONCE);
      const jtis = signals.flatMap(({ id, jtis: all }) =>
        id === place.signalId ? all.filter((jti) => jti < place.jti) : all,
      );
      found.push(...(await this.some(filter, jtis, size + 1 - found.length)));
      const last = signals.at(-1);
      if (found.length > size || !last || signals.length < SIGNALS_AT_ONCE)
        return toPage(found, size, ({ jti }) => jti);
      place = { signalId: last.id, jti: FIRST_ID };
    }
    return { data: found, nextCursor: encodeCursor(place.signalId) };
  }

  /** The cursor is the last SET of the page before, or the last signal when its SETs did not fill the page. */
  private async placeOf(cursor: string | undefined, to: Date | undefined): Promise<Place> {
    if (cursor === undefined)
      return {
        signalId: to ? idBefore(new Date(to.getTime() + CLOCKS_DIFFER_MS)) : LAST_ID,
        jti: LAST_ID,
      };
    const [set] = (await this.sets.list({ jti: cursor }, { limit: 1 })).data;
    return set?.signalId ? { signalId: set.signalId, jti: cursor } : { signalId: cursor, jti: FIRST_ID };
  }

  /** Up to `max` of these SETs that the filter takes, in their order. */
  private async some(filter: SetListFilter, jtis: readonly string[], max: number): Promise<SetRecord[]> {
    const found: SetRecord[] = [];
    for (let start = 0; start < jtis.length && found.length < max; start += SETS_AT_ONCE) {
      const slice = jtis.slice(start, start + SETS_AT_ONCE);
      const byJti = new Map((await this.sets.among(slice, filter)).map((set) => [set.jti, set]));
      found.push(...slice.flatMap((jti) => byJti.get(jti) ?? []));
    }
    return found.slice(0, max);
  }
}
