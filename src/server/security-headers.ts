import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Headers that keep a browser from doing with an answer what nobody meant: guess its type, frame it, or run a script
 * that is not the explorer's own. Nothing but `/docs` is meant for one.
 */
export function securityHeaders({ isHttps }: { readonly isHttps: boolean }): Middleware {
  return helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        imgSrc: ["'self'", 'data:'],
        scriptSrc: ["'self'"],
        // the explorer sets styles as it goes
        styleSrc: ["'self'", "'unsafe-inline'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // a developer's server speaks http
        upgradeInsecureRequests: isHttps ? [] : null,
      },
      useDefaults: false,
    },
    // metadata and key sets are for everybody, from anywhere
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: isHttps,
  });
}
