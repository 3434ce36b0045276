import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

const CHATTY_CONTEXTS = [
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
];

/** Contexts are names of classes: this is more than a host has. */
const MAX_CONTEXTS = 1_000;

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/**
 * Nest's own messages in the product's log, with Nest's `context` as a field.
 *
 * @example
 * const app = await NestFactory.create(AppModule, { logger: new PinoNestLogger(logger) });
 */
export class PinoNestLogger implements LoggerService {
  readonly #logger: Logger;
  readonly #loggers = new Map<string, Logger>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...params: unknown[]): void {
    this.#write(isChatter(params.at(-1)) ? 'debug' : 'info', message, params);
  }

  error(message: unknown, ...params: unknown[]): void {
    this.#write('error', message, params);
  }

  warn(message: unknown, ...params: unknown[]): void {
    this.#write('warn', message, params);
  }

  debug(message: unknown, ...params: unknown[]): void {
    this.#write('debug', message, params);
  }

  verbose(message: unknown, ...params: unknown[]): void {
    this.#write('trace', message, params);
  }

  fatal(message: unknown, ...params: unknown[]): void {
    this.#write('fatal', message, params);
  }

  #write(level: Level, message: unknown, params: readonly unknown[]): void {
    if (!this.#logger.isLevelEnabled(level)) return;
    const context = params[0];
    if (params.length === 1 && isWideLine(message) && typeof context === 'string' && !isStack(context))
      // nearly every line, and one for each attempt to deliver
      this.#of(context)[level](message);
    else this.#writeSorted(level, message, params);
  }

  /** With the context written once and for all: a copy of each line with its context costs half as much as the line. */
  #of(context: string): Logger {
    const known = this.#loggers.get(context);
    if (known !== undefined) return known;
    const logger = this.#logger.child({ context });
    if (this.#loggers.size < MAX_CONTEXTS) this.#loggers.set(context, logger);
    return logger;
  }

  #writeSorted(level: Level, message: unknown, params: readonly unknown[]): void {
    const { context, stack, err, details, line } = sort(message, params);
    const text = line === undefined ? message : details.shift();
    const fields = {
      ...line,
      ...(context === undefined ? {} : { context }),
      ...(err === undefined ? {} : { err }),
      ...(stack === undefined ? {} : { stack }),
      ...(details.length === 0 ? {} : { details }),
    };
    this.#logger[level](fields, typeof text === 'string' ? text : err?.message);
  }
}

/** Nest tells each module and route at every start. */
function isChatter(context: unknown): boolean {
  return typeof context === 'string' && CHATTY_CONTEXTS.includes(context);
}

interface Sorted {
  context: string | undefined;
  stack: string | undefined;
  err: Error | undefined;
  details: unknown[];
  /** A wide line: its members are the fields, and the text comes after it. */
  line: object | undefined;
}

/** Nest's convention: `(message, ...details, stack?, context?)`; each part is told from the others by its shape. */
function sort(message: unknown, params: readonly unknown[]): Sorted {
  const sorted: Sorted = {
    context: undefined,
    stack: undefined,
    err: undefined,
    details: [],
    line: undefined,
  };
  const rest = [...params];
  const last = rest.at(-1);
  if (typeof last === 'string' && !isStack(last)) {
    sorted.context = last;
    rest.pop();
  }
  if (message instanceof Error) sorted.err = message;
  else if (isWideLine(message)) sorted.line = message;
  else if (typeof message !== 'string' && message !== undefined) sorted.details.push(message);
  for (const param of rest) {
    if (param instanceof Error && sorted.err === undefined) sorted.err = param;
    else if (typeof param === 'string' && isStack(param)) sorted.stack = param;
    else if (param !== undefined) sorted.details.push(param);
  }
  return sorted;
}

function isWideLine(message: unknown): message is object {
  return (
    typeof message === 'object' && message !== null && !Array.isArray(message) && !(message instanceof Error)
  );
}

function isStack(text: string): boolean {
  return text.includes('\n') && /\n\s+at /.test(text);
}
