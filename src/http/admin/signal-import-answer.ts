import { StreamableFile } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { invalidRequest } from '../../core/errors.js';
import { NDJSON_TYPE, readLines } from '../../platform/http/ndjson.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { inTraceOf } from '../../platform/tracing/contexts.js';
import type { InTrace, SignalImportService } from '../../signals/signal-import.service.js';

/** The answer to an import, which reads the request as it is read itself. */
export function importAnswer(request: AnyRequest, imports: SignalImportService): StreamableFile {
  if (headerOf(request, 'idempotency-key') !== undefined)
    throw invalidRequest({
      member: 'Idempotency-Key',
      message: 'is not for an import, whose signals are told apart by their ids',
    });
  const { body: read } = request;
  // a host may have read it
  const body =
    typeof read === 'string' || Buffer.isBuffer(read)
      ? Readable.from([Buffer.from(read)])
      : (request.raw ?? (request as unknown as IncomingMessage));
  const inTrace: InTrace = (work) => inTraceOf(request.headers, work);
  return new StreamableFile(Readable.from(answerLines(imports, body, inTrace), { objectMode: false }), {
    type: NDJSON_TYPE,
  });
}

async function* answerLines(
  imports: SignalImportService,
  body: Readable,
  inTrace: InTrace,
): AsyncGenerator<string> {
  for await (const line of imports.run(readLines(body), inTrace)) yield `${JSON.stringify(line)}\n`;
}
