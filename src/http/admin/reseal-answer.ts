import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { NDJSON_TYPE } from '../../platform/http/ndjson.js';
import type { Resealing } from '../../platform/secrets/resealing.js';

type Run = ReturnType<Resealing['run']>;
type Step = Awaited<ReturnType<Run['next']>>;

/** A line after each batch, and at the end all reports. Work ends with the batch during which the client goes away. */
export async function resealAnswer(run: Run): Promise<StreamableFile> {
  // what cannot be begun at all is an error, and no body that breaks off
  const first = await run.next();
  return new StreamableFile(Readable.from(lines(first, run), { objectMode: false }), { type: NDJSON_TYPE });
}

async function* lines(first: Step, run: Run): AsyncGenerator<string> {
  let step = first;
  for (; !step.done; step = await run.next()) yield `${JSON.stringify(step.value)}\n`;
  yield `${JSON.stringify({ data: step.value })}\n`;
}
