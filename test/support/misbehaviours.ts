import type { Duplex } from 'node:stream';
import type { Misbehaviour } from './hostile-front.js';

const DRIP_MS = 100;
const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');

/** Exactly these bytes; then the connection stays. */
export function says(text: string): Misbehaviour {
  return (connection) => void connection.write(text);
}

/** A whole answer. */
export function answers(status: number, headers: readonly string[] = [], body = ''): Misbehaviour {
  const lines = [`HTTP/1.1 ${status} X`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return says(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** These bytes and the end. */
export function saysAndCloses(text: string): Misbehaviour {
  return (connection) => void connection.end(text);
}

export function saysAndResets(text: string): Misbehaviour {
  return (connection) => {
    connection.write(text, () => {
      if ('resetAndDestroy' in connection)
        (connection as Duplex & { resetAndDestroy(): void }).resetAndDestroy();
      else connection.destroy();
    });
  };
}

/** These bytes, and then one after another without end. */
export function drips(text: string, drop = 'x'): Misbehaviour {
  return (connection) => {
    connection.write(text);
    const timer = setInterval(() => connection.write(drop), DRIP_MS);
    connection.on('close', () => clearInterval(timer));
  };
}

/** An answer with a body of so many megabytes, as fast as they are taken. */
export function floods(status: number, megabytes: number): Misbehaviour {
  return (connection) => {
    let left = megabytes;
    connection.write(
      `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${megabytes * MEGABYTE.length}\r\n\r\n`,
    );
    const pour = (): void => {
      while (left > 0 && !connection.destroyed) {
        left -= 1;
        if (!connection.write(MEGABYTE)) {
          connection.once('drain', pour);
          return;
        }
      }
    };
    pour();
  };
}
