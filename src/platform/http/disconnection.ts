import type { IncomingMessage } from 'node:http';
import type { AnyRequest } from './request-facts.js';

export interface Disconnection {
  /** Aborts when the client goes away before it was answered. */
  readonly signal: AbortSignal;
  /** To be called when the answer is ready: the connection may serve other requests. */
  forget(): void;
}

export function disconnection(request: AnyRequest): Disconnection {
  const { socket } = request.raw ?? (request as unknown as IncomingMessage);
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  socket.once('close', abort);
  if (socket.destroyed) abort();
  return { signal: controller.signal, forget: () => socket.off('close', abort) };
}
