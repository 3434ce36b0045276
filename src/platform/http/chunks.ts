import type { Readable } from 'node:stream';

/**
 * The bytes of a body as they come. Whoever stops reading leaves the rest where it is: Node throws it away after the
 * answer. A request that is destroyed instead, as `for await` does by itself, stops its connection for good, and the
 * requests behind it wait for ever.
 */
export function chunksOf(body: Readable): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer> };
}
