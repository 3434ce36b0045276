import { Injectable, Logger } from '@nestjs/common';
import { type Problem, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { type Line, MAX_LINE_BYTES } from '../platform/http/ndjson.js';
import { ProvidersService } from '../providers/providers.service.js';
import { MAX_SIGNALS, parseSignalItem } from './parse-signal.js';
import type { NewSignal } from './signal.js';
import { SignalsService } from './signals.service.js';

/** Lines of a batch together, so that memory is bounded whatever their number. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** A line with more problems than these has no use for the others yet. */
const MAX_PROBLEMS = 5;

export interface LineErrors {
  readonly line: number;
  readonly errors: readonly Problem[];
}

/** What became of up to 1,000 lines. */
export interface ImportProgress {
  /** from 1 */
  readonly batch: number;
  /** the last one that this batch has dealt with */
  readonly throughLine: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly errors: readonly LineErrors[];
}

/** The last line of the answer. */
export interface ImportSummary {
  /** false: it ended early, for the reason in `error`; what follows `throughLine` is not recorded */
  readonly complete: boolean;
  readonly throughLine: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** lines that are no signals */
  readonly errors: number;
  readonly error?: { readonly code: string; readonly detail: string };
}

/** Works in the trace that an import belongs to, whoever reads its answer. */
export type InTrace = <Result>(work: () => Result) => Result;

interface ReadLine {
  readonly line: number;
  readonly signal?: NewSignal | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Records any number of signals, a batch at a time: the good lines of a batch are one statement, and the bad ones are
 * named and left out. The next batch is read when the answer about the last one was taken.
 */
@Injectable()
export class SignalImportService {
  private readonly logger = new Logger(SignalImportService.name);

  constructor(
    private readonly signals: SignalsService,
    private readonly providers: ProvidersService,
    @InjectEventCatalogue() private readonly catalogue: EventCatalogue,
  ) {}

  /** Ends with the summary, always; what goes wrong is told in it. */
  async *run(
    lines: AsyncIterable<Line>,
    inTrace: InTrace,
  ): AsyncGenerator<ImportProgress | ImportSummary, void, undefined> {
    const total = { throughLine: 0, accepted: 0, duplicates: 0, errors: 0 };
    let batch = 0;
    try {
      for await (const some of batches(lines)) {
        const { errors, ...counts } = await inTrace(() => this.take(some));
        batch += 1;
        total.throughLine = counts.throughLine;
        total.accepted += counts.accepted;
        total.duplicates += counts.duplicates;
        total.errors += errors.length;
        yield { batch, ...counts, errors };
      }
      yield { complete: true, ...total };
    } catch (error) {
      this.logger.warn({ event: 'import.ended_early', ...total, err: error });
      const { code, message } =
        error instanceof SsfError
          ? error
          : { code: 'internal', message: 'the import ended early; the log has the details' };
      yield { complete: false, ...total, error: { code, detail: message } };
    }
  }

  private async take(lines: readonly Line[]): Promise<Omit<ImportProgress, 'batch'>> {
    const read = await this.withProviders(lines.map((line) => this.read(line)));
    const good = read.flatMap(({ signal }) => (signal ? [signal] : []));
    const recorded = await this.signals.recordParsed(good, (_, member) => member);
    const accepted = recorded.filter(({ status }) => status === 'accepted').length;
    return {
      throughLine: lines.at(-1)?.number ?? 0,
      accepted,
      duplicates: recorded.length - accepted,
      errors: read.flatMap(({ line, signal, problems }) =>
        signal ? [] : [{ line, errors: problems.slice(0, MAX_PROBLEMS) }],
      ),
    };
  }

  private read({ number: line, text }: Line): ReadLine {
    if (text === undefined)
      return { line, problems: [{ member: '', message: `is longer than ${MAX_LINE_BYTES} bytes` }] };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return { line, problems: [{ member: '', message: 'is not valid JSON' }] };
    }
    const context = { catalogue: this.catalogue, now: new Date() };
    return { line, ...parseSignalItem({ value, pathOf: (member) => member }, context) };
  }

  /** A signal of an unknown provider would have its whole batch refused. */
  private async withProviders(read: readonly ReadLine[]): Promise<ReadLine[]> {
    const unknown = new Set<string>();
    for (const slug of new Set(read.flatMap(({ signal }) => (signal ? [signal.provider] : []))))
      if (!(await this.providers.findBySlug(slug))) unknown.add(slug);
    const problems = [{ member: 'provider', message: 'there is no such provider' }];
    return read.map((each) =>
      each.signal && unknown.has(each.signal.provider) ? { line: each.line, problems } : each,
    );
  }
}

async function* batches(lines: AsyncIterable<Line>): AsyncGenerator<Line[], void, undefined> {
  let [batch, bytes] = [[] as Line[], 0];
  for await (const line of lines) {
    batch.push(line);
    bytes += line.text === undefined ? 0 : line.bytes;
    if (batch.length === MAX_SIGNALS || bytes >= MAX_BATCH_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
  }
  if (batch.length > 0) yield batch;
}
