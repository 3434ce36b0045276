import type { IncomingMessage } from 'node:http';
import type { AnyRequest } from './request-facts.js';

/** Tells whether the client of a request went away before it was answered. */
export interface Disconnection {
  readonly hasHappened: boolean;
  /** Returns the function that ends it: to be called with the answer, as the connection may serve other requests. */
  whenItHappens(listener: () => void): () => void;
}

export function disconnection(request: AnyRequest): Disconnection {
  const { socket } = request.raw ?? (request as unknown as IncomingMessage);
  return {
    get hasHappened() {
      return socket.destroyed;
    },
    whenItHappens: (listener) => {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
  };
}
