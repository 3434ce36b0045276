import type { FigureContext } from '../figure.js';
import { Backlog } from './backlog.js';
import type { Database } from './database.js';
import { Sink } from './sink.js';
import { createStreams, type Streams, type StreamsRequest } from './streams.js';
import { Transmitter } from './transmitter.js';

/** What most figures begin with: receivers, a transmitter, and streams from one to the other. */
export interface Bed {
  readonly sink: Sink;
  readonly transmitter: Transmitter;
  readonly database: Database;
  readonly streams: Streams;
  readonly backlog: Backlog;
}

/** So many streams to so many receivers. */
export async function makeBed(
  { resources, transmitter: options }: FigureContext,
  { receivers, ...request }: Omit<StreamsRequest, 'ports'> & { readonly receivers: number },
  existingSink?: Sink,
): Promise<Bed> {
  const sink = existingSink ?? (await Sink.start(resources, receivers));
  const transmitter = await Transmitter.start(resources, options);
  const database = await transmitter.database(resources);
  const streams = await createStreams(transmitter, { ...request, ports: sink.ports });
  return { sink, transmitter, database, streams, backlog: new Backlog(transmitter, database, sink, streams) };
}
