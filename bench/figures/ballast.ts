import { expectStatus } from '../../test/support/http.js';
import type { Figure } from '../figure.js';
import { type Bed, makeBed } from '../support/bed.js';
import { startMeter } from '../support/meter.js';
import { type Contender, interleave, standingOf } from '../support/rounds.js';
import { Sink } from '../support/sink.js';
import { median, spread } from '../support/statistics.js';
import { createStreams } from '../support/streams.js';

const STREAMS = 20;
const ROWS_PER_STATEMENT = 100_000;
const LIMIT = { atMost: 1.2 };
const KINDS = ['nothing', 'pending', 'delivered'] as const;

type Kind = (typeof KINDS)[number];

/** Whether SETs that nobody asks for make the others dear: three transmitters, one of them without any. */
export const ballastFigure: Figure = {
  name: 'ballast',
  about: 'the cost of a SET with a million others pending in paused streams, or delivered in the past',
  needsLinux: true,
  run: async (context) => {
    const { size, rounds, log, resources } = context;
    const rows = size({ quick: 20_000, full: 1_000_000 });
    const perStream = size({ quick: 100, full: 1_000 });
    const sink = await Sink.start(resources, STREAMS);
    const cpu = new Map<Kind, number[]>();
    const contenders: Contender[] = [];
    for (const kind of KINDS) {
      const bed = await makeBed(context, { receivers: STREAMS, count: STREAMS }, sink);
      log(`${kind}: ${kind === 'nothing' ? 'no' : rows} rows`);
      await addBallast(bed, kind, rows);
      const perSet: number[] = [];
      cpu.set(kind, perSet);
      contenders.push({
        name: kind,
        prepare: () => bed.backlog.fill(perStream),
        run: async () => {
          const used = await startMeter(bed.transmitter);
          const { setsPerSecond, sets } = await bed.backlog.drain();
          const cpu = await used();
          perSet.push(((cpu.transmitter + cpu.postgres) * 1000) / sets);
          return setsPerSecond;
        },
      });
    }
    const standings = await interleave(contenders, rounds({ quick: 1, full: 5 }), log);
    const none = standingOf(standings, 'nothing');
    return (['pending', 'delivered'] as const).flatMap((kind) => {
      const title = kind === 'pending' ? 'pending in paused streams' : 'delivered in the past';
      // the first round warmed up
      const [costs = [], costsOfNone = []] = [cpu.get(kind)?.slice(1), cpu.get('nothing')?.slice(1)];
      return [
        {
          what: `time per SET with ${rows.toLocaleString('en-US')} others ${title}, against none`,
          value: none.median / standingOf(standings, kind).median,
          unit: 'ratio',
          limit: LIMIT,
          details: `${standingOf(standings, kind).text}; ${none.text}`,
        },
        {
          what: `CPU time of transmitter and PostgreSQL per SET, the same way`,
          value: median(costs) / median(costsOfNone),
          unit: 'ratio',
          limit: LIMIT,
          details: `${spread(costs, ' ms')}; nothing ${spread(costsOfNone, ' ms')}`,
        },
      ] as const;
    });
  },
};

/** Straight into the tables, as a million deliveries would take longer than all the rest. */
async function addBallast(bed: Bed, kind: Kind, rows: number): Promise<void> {
  if (kind === 'nothing') return;
  const { database, backlog } = bed;
  const ids = kind === 'pending' ? await pausedStreams(bed) : bed.streams.ids;
  await backlog.fill(1);
  const claims = await backlog.exampleClaims();
  for (let start = 0; start < rows; start += ROWS_PER_STATEMENT)
    await database.query(kind === 'pending' ? PENDING_SQL : DELIVERED_SQL, [
      Math.min(ROWS_PER_STATEMENT, rows - start),
      ids,
      claims,
      bed.streams.provider.id,
    ]);
  await database.vacuum();
}

/** Of a provider of their own, paused by the administrator. */
async function pausedStreams({ transmitter, sink }: Bed): Promise<readonly string[]> {
  const { ids } = await createStreams(transmitter, { count: STREAMS, ports: sink.ports });
  for (const id of ids)
    expectStatus(await transmitter.admin.call(`/streams/${id}/status`, { body: { status: 'paused' } }), 200);
  return ids;
}

/** SETs ($1 of them, for the streams $2 in turn) as fan-out stores them, over the last ten hours. */
const SETS_SQL = `
  insert into ssf.security_event_token
    (jti, seq, provider_id, application_id, stream_id, event_type, txn, subject_hash, claims)
  select overlay(ssf.uuid_at(now() - make_interval(secs => 36000.0 * ($1::int - i) / $1::int))::text
                 placing '7' || substr(gen_random_uuid()::text, 16) from 15)::uuid,
         nextval('ssf.queue_seq'), $4::uuid, gen_random_uuid(), ($2::uuid[])[1 + i % cardinality($2::uuid[])],
         'https://schemas.openid.net/secevent/caep/event-type/session-revoked', gen_random_uuid()::text,
         hashint8(i), $3::text
    from generate_series(1, $1::int) as i
  returning jti, seq, stream_id, subject_hash`;

const PENDING_SQL = `
with made as (${SETS_SQL})
insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at)
select stream_id, seq, jti, subject_hash, now() + interval '30 days' from made`;

const DELIVERED_SQL = `
with made as (${SETS_SQL})
insert into ssf.attempt (jti, stream_id, attempt, method, outcome, http_status, duration_ms)
select jti, stream_id, 1, 'push', 'delivered', 202, 3 from made`;
