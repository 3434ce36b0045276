import type { Figure } from '../figure.js';
import { addSubjects, subjectOf } from '../support/receiver-access.js';
import { Backlog } from '../support/backlog.js';
import { type Bed, makeBed } from '../support/bed.js';
import { interleave, type Contender, standingOf } from '../support/rounds.js';
import { createStreams, type Streams } from '../support/streams.js';

/** The subjects that signals are about; added through the receiver API. */
const ASKED = 10;
const SIGNALS_PER_CALL = 500;
const ROWS_PER_STATEMENT = 100_000;
const DEADLINE_MS = 300_000;
const NONE = { defaultSubjects: 'NONE' as const };

/** How long it takes to find out whether a stream has a subject. */
export const subjectsFigure: Figure = {
  name: 'subjects',
  about: 'fan-out of signals with a million subjects in the stream, against ten',
  run: async (context) => {
    const { size, rounds, log } = context;
    const rows = size({ quick: 20_000, full: 1_000_000 });
    const signals = size({ quick: 1_000, full: 10_000 });
    const bed = await makeBed(context, { receivers: 1, count: 1, provider: NONE });
    const many = await createStreams(bed.transmitter, { count: 1, ports: bed.sink.ports, provider: NONE });
    for (const streams of [bed.streams, many])
      await addSubjects(
        bed.transmitter,
        streams,
        Array.from({ length: ASKED }, (_, number) => ({ streamId: streams.ids[0], number })),
      );
    await addOthers(bed, many, rows);
    const standings = await interleave(
      [fanOut(bed, 'ten', bed.streams, signals), fanOut(bed, 'many', many, signals)],
      rounds({ quick: 2, full: 5 }),
      log,
    );
    const [few, lots] = [standingOf(standings, 'ten'), standingOf(standings, 'many')];
    return [
      {
        what: `time to fan out a signal with ${rows.toLocaleString('en-US')} subjects in the stream, against ten`,
        value: few.median / lots.median,
        unit: 'ratio',
        limit: { atMost: 1.2 },
        details: `signals/s: ${lots.text}; ${few.text}`,
      },
    ];
  },
};

/** Fan-out alone: it waits until all signals are recorded. Each gives a SET, which its held stream keeps. */
function fanOut(
  { transmitter, database, sink }: Bed,
  name: string,
  streams: Streams,
  signals: number,
): Contender {
  const backlog = new Backlog(transmitter, database, sink, streams);
  let unlock: (() => Promise<void>) | undefined;
  let before = 0;
  return {
    name,
    prepare: async () => {
      await backlog.hold();
      before = await backlog.waiting();
      unlock = await database.lockProvider(streams.provider.id);
      for (let start = 0; start < signals; start += SIGNALS_PER_CALL)
        await transmitter.admin.recordAll(
          Array.from({ length: Math.min(SIGNALS_PER_CALL, signals - start) }, (_, index) => ({
            provider: streams.provider.slug,
            type: 'session.revoked',
            subject: { user: { id: subjectOf(index % ASKED) } },
          })),
        );
    },
    run: async () => {
      await unlock?.();
      const startedAt = performance.now();
      await database.until('select not exists (select from ssf.signal_queue)', [], DEADLINE_MS);
      const seconds = (performance.now() - startedAt) / 1000;
      const made = (await backlog.waiting()) - before;
      if (made !== signals) throw new Error(`${made} SETs were made of ${signals} signals`);
      return signals / seconds;
    },
  };
}

/** Straight into the tables, as other subjects stand there: a row each, and the one key that it is found by. */
async function addOthers({ database }: Bed, { ids }: Streams, rows: number): Promise<void> {
  // each key would look for its subject, which is there
  await database.query('set session_replication_role = replica');
  for (let start = 0; start < rows; start += ROWS_PER_STATEMENT)
    await database.query(OTHERS_SQL, [start, Math.min(ROWS_PER_STATEMENT, rows - start), ids[0]]);
  await database.query(
    `insert into ssf.subject_shape (stream_id, kind, shape) values ($1, 'added', '') on conflict do nothing`,
    [ids[0]],
  );
  await database.query('set session_replication_role = default');
  await database.query('vacuum analyze ssf.stream_subject, ssf.stream_subject_key');
}

const OTHERS_SQL = `
with listed as (
  insert into ssf.stream_subject (id, stream_id, kind, identity, subject, verified)
  select gen_random_uuid(), $3::uuid, 'added', digest,
         jsonb_build_object('format', 'iss_sub', 'iss', 'https://idp.example', 'sub', 'other-' || i), true
    from (select i, substr(sha256(('other-' || i)::bytea), 1, 16) as digest
            from generate_series($1::int + 1, $1::int + $2::int) as i) others
  returning id, stream_id, kind, identity)
insert into ssf.stream_subject_key (stream_id, kind, key, subject_id)
select stream_id, kind, identity, id from listed`;
