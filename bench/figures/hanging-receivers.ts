import type { Figure } from '../figure.js';
import { makeBed } from '../support/bed.js';
import { interleave, standingOf } from '../support/rounds.js';

const STREAMS = 20;
const HANGING = [0, 1];

/** Receivers that take a SET and never answer must not hold up the others. */
export const hangingReceiversFigure: Figure = {
  name: 'hanging-receivers',
  about: `how long ${STREAMS - HANGING.length} healthy receivers wait when ${HANGING.length} others hang`,
  run: async (context) => {
    const { size, rounds, log } = context;
    const perStream = size({ quick: 100, full: 2_000 });
    const { sink, streams, backlog } = await makeBed(context, { receivers: STREAMS, count: STREAMS });
    const healthy = streams.ids.slice(HANGING.length);
    const hanging = streams.ids.slice(0, HANGING.length);
    await sink.behave(HANGING, 'hang');
    const prepare = (): Promise<void> => backlog.fill(perStream);
    const standings = await interleave(
      [
        {
          name: 'alone',
          prepare,
          run: async () => (await backlog.drain({ ids: healthy })).setsPerSecond,
        },
        {
          name: 'beside hanging ones',
          prepare,
          run: async () => (await backlog.drain({ ids: healthy, alsoReleased: hanging })).setsPerSecond,
        },
      ],
      rounds({ quick: 1, full: 5 }),
      log,
    );
    const alone = standingOf(standings, 'alone');
    const beside = standingOf(standings, 'beside hanging ones');
    return [
      {
        what: `time of the healthy ${healthy.length} of ${STREAMS} receivers when the others hang, against without them`,
        value: alone.median / beside.median,
        unit: 'ratio',
        limit: { atMost: 1.3 },
        details: `${beside.text}; ${alone.text}`,
      },
    ];
  },
};
