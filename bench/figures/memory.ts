import type { Figure } from '../figure.js';
import { Backlog } from '../support/backlog.js';
import { makeBed } from '../support/bed.js';
import { peakResidentBytes, residentBytes } from '../support/process-usage.js';

const STREAMS = 20;

/** A backlog is read as it is sent: its size must not be that of the process. */
export const memoryFigure: Figure = {
  name: 'memory',
  about: 'the most memory that the transmitter takes while it drains 200,000 SETs to 20 receivers',
  needsLinux: true,
  run: async (context) => {
    const { resources, size } = context;
    const perStream = size({ quick: 250, full: 10_000 });
    const bed = await makeBed(context, { receivers: STREAMS, count: STREAMS });
    await bed.backlog.fill(perStream);
    // recording took memory of its own
    await bed.transmitter.restart();
    const database = await bed.transmitter.database(resources);
    const backlog = new Backlog(bed.transmitter, database, bed.sink, bed.streams);
    const atStart = await residentBytes(bed.transmitter.pid);
    const { sets } = await backlog.drain();
    return [
      {
        what: `most memory of the transmitter while ${sets.toLocaleString('en-US')} SETs go to ${STREAMS} receivers`,
        value: (await peakResidentBytes(bed.transmitter.pid)) / 1e6,
        unit: 'MB',
        limit: { below: 300 },
        details: `${Math.round(atStart / 1e6)} MB after the start`,
      },
    ];
  },
};
