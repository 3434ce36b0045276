import { pino, type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import { build as prettyStream } from 'pino-pretty';
import { describeError } from './describe-error.js';
import { GatheredLines } from './gathered-lines.js';
import { redactor, scrub } from './redaction.js';

export interface LoggerOptions {
  /** `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. */
  readonly level: string;
  /** Lines for people at a terminal instead of JSON. */
  readonly pretty: boolean;
  /** Names of members that are replaced by `[Redacted]`, besides those of secrets. Default: none. */
  readonly redact?: readonly string[];
  /** Default: standard output. */
  readonly destination?: NodeJS.WritableStream;
}

const BASE = { service: 'ssf-transmitter' };

/**
 * The product's logger: one JSON object per line with ISO 8601 time. Whatever is logged, secrets are replaced
 * by `[Redacted]`: in fields by their name at any depth, in texts by their shape. Errors are logged under `err`.
 *
 * @example
 * const logger = createLogger({ level: 'info', pretty: false });
 * logger.info({ event: 'set.attempted', streamId, jti, status }, 'set attempted');
 */
export function createLogger(options: LoggerOptions): Logger {
  const redact = redactor(options.redact);
  const logger = pino(
    {
      level: options.level,
      base: BASE,
      timestamp: isoTimes(),
      formatters: { level: (label) => ({ level: label }), log: redact },
      serializers: { err: showError },
      hooks: { streamWrite: scrub },
    },
    destinationOf(options),
  );
  return withRedactedChildren(logger, redact);
}

function destinationOf({ pretty, destination }: LoggerOptions): DestinationStream {
  if (pretty) return prettyStream({ destination: destination ?? process.stdout, sync: true, ...PRETTY });
  return destination ?? standardOutput();
}

function standardOutput(): DestinationStream {
  const lines = linesTo(process.stdout.fd);
  process.once('exit', () => lines.flushSync());
  return lines;
}

/**
 * Bytes that one write takes. A write waits for its turn behind all signatures that the thread pool has to make, so it
 * takes all that has come meanwhile: with pino's 16 kB the log fell behind for as long as there was much to sign.
 */
const MAX_WRITE = 1_048_576;

/** Bytes that wait to be written at most, while whoever reads the log has stalled. */
const MAX_WAITING = 33_554_432;

/** Lines for a file or a pipe, which are written beside whatever else happens. */
export function linesTo(fd: number): GatheredLines {
  const destination = pino.destination({
    dest: fd,
    sync: false,
    maxWrite: MAX_WRITE,
    maxLength: MAX_WAITING,
  });
  return new GatheredLines(destination, lostLine);
}

function lostLine(lines: number): string {
  const line = { level: 'warn', time: new Date(), ...BASE, event: 'log.lost', lines };
  return `${JSON.stringify(line)}\n`;
}

/** As pino's `isoTime`, but a millisecond is written once for all its lines. */
function isoTimes(): () => string {
  let at = Number.NaN;
  let member = '';
  return () => {
    const now = Date.now();
    if (now !== at) member = `,"time":"${new Date(now).toISOString()}"`;
    at = now;
    return member;
  };
}

const PRETTY = { translateTime: 'SYS:HH:MM:ss.l', ignore: 'service' };

/** pino applies `formatters` to the fields of a line, not to those of a child logger. Children inherit this. */
function withRedactedChildren(logger: Logger, redact: ReturnType<typeof redactor>): Logger {
  const child = logger.child;
  function redactedChild(this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
    return Reflect.apply(child, this, [redact(bindings), options]);
  }
  return Object.assign(logger, { child: redactedChild });
}

function showError(error: unknown): unknown {
  return error instanceof Error ? describeError(error) : error;
}
