import { Logger } from '@nestjs/common';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { PinoNestLogger } from './nest-logger.js';

function nestLog() {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { nest: new PinoNestLogger(createLogger({ level: 'trace', pretty: false, destination })), lines };
}

describe('PinoNestLogger', () => {
  it('maps the levels', () => {
    const { nest, lines } = nestLog();

    nest.verbose('v');
    nest.debug('d');
    nest.log('l');
    nest.warn('w');
    nest.error('e');
    nest.fatal('f');

    expect(lines.map(({ level, msg }) => `${String(level)} ${String(msg)}`)).toEqual([
      'trace v',
      'debug d',
      'info l',
      'warn w',
      'error e',
      'fatal f',
    ]);
  });

  it('forwards the context that Nest appends', () => {
    const { nest, lines } = nestLog();
    Logger.overrideLogger(nest);

    new Logger('Delivery').log('sent');
    Logger.overrideLogger(false);

    expect(lines).toMatchObject([{ level: 'info', context: 'Delivery', msg: 'sent' }]);
  });

  it("writes Nest's list of modules and routes at debug level", () => {
    const { nest, lines } = nestLog();

    nest.log('Mapped {/streams, GET} route', 'RouterExplorer');

    expect(lines).toMatchObject([{ level: 'debug', context: 'RouterExplorer' }]);
  });

  it('writes the members of an object as fields, with the text after it', () => {
    const { nest, lines } = nestLog();

    nest.log({ event: 'set.attempted', jti: 'j-1' }, 'Delivery');
    nest.warn({ event: 'stream.failing' }, 'the receiver fails', 'Delivery');

    expect(lines).toMatchObject([
      { event: 'set.attempted', jti: 'j-1', context: 'Delivery' },
      { event: 'stream.failing', context: 'Delivery', msg: 'the receiver fails' },
    ]);
  });

  it('recognises a stack and an error', () => {
    const { nest, lines } = nestLog();
    const error = new Error('broken');

    nest.error('broken', error.stack, 'Handler');
    nest.error(error, 'Handler');
    nest.error('while starting', error);
    nest.error('alone', error.stack);

    expect(lines).toMatchObject([
      { msg: 'broken', stack: error.stack, context: 'Handler' },
      { msg: 'broken', err: { message: 'broken' }, context: 'Handler' },
      { msg: 'while starting', err: { message: 'broken' } },
      { msg: 'alone', stack: error.stack },
    ]);
    expect(lines[3]).not.toHaveProperty('context');
  });

  it('keeps objects without their secrets', () => {
    const { nest, lines } = nestLog();

    nest.log({ port: 3000, token: 'abc' }, 'Bootstrap');
    nest.warn('slow', { ms: 5 }, 7, 'Db');

    expect(lines).toMatchObject([
      { port: 3000, token: '[Redacted]', context: 'Bootstrap' },
      { msg: 'slow', details: [{ ms: 5 }, 7], context: 'Db' },
    ]);
  });
});
