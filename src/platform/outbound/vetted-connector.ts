import { isIP, type LookupFunction, type Socket } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { type Channel, type EndpointPolicy, portOf } from './endpoint-policy.js';
import { VettingError } from './vetting-error.js';

export interface ConnectorOptions {
  readonly connectTimeoutMs: number;
  /** PEM certificates that are trusted besides Node's default roots. */
  readonly extraCa?: string | readonly string[];
}

const resetsOfReusedSockets = new WeakSet<Error>();

/**
 * Whether this error ended a kept-alive connection that had carried a response before. A receiver may close an
 * idle connection at the very moment that we use it again (RFC 9112 section 9.5).
 */
export function isResetOfReusedSocket(error: Error): boolean {
  return resetsOfReusedSockets.has(error);
}

/**
 * Opens connections only to vetted addresses. The lookup that `net.connect` uses is ours, so the address that
 * was judged is the one that is dialled, while SNI and Host remain the name: a name that changes its address
 * between check and use (rebinding) gains nothing.
 */
export function vettedConnector(
  endpoints: EndpointPolicy,
  options: ConnectorOptions,
): buildConnector.connector {
  const secureContext = trustAnchors(options.extraCa);
  const connectors = new Map<string, buildConnector.connector>();
  const connectorOf = (channel: Channel): buildConnector.connector => {
    const key = `${channel.protocol} ${channel.isReserved}`;
    const connector =
      connectors.get(key) ??
      buildConnector({
        timeout: options.connectTimeoutMs,
        allowH2: false,
        lookup: vettedLookup(endpoints, channel),
        // RFC 8935 sections 3 and 5.3, BCP 195: the certificate is always validated; there is no switch.
        secureContext,
        rejectUnauthorized: true,
      });
    connectors.set(key, connector);
    return connector;
  };

  return (target, callback) => {
    const { protocol, hostname } = target;
    const channel = endpoints.channel(protocol, portOf(protocol, target.port));
    // `net.connect` does not call lookup for an IP address.
    if (isIP(hostname) !== 0 && !endpoints.allows(channel, hostname)) {
      process.nextTick(callback, new VettingError('blocked_address'), null);
      return;
    }
    connectorOf(channel)(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (!endpoints.allows(channel, socket.remoteAddress ?? '')) {
        socket.destroy();
        return callback(new VettingError('blocked_address'), null);
      }
      rememberReuse(socket);
      callback(null, socket);
    });
  };
}

function vettedLookup(endpoints: EndpointPolicy, channel: Channel): LookupFunction {
  return (hostname, options, callback) => {
    endpoints.vetHost(channel, hostname).then(
      (host) => {
        if (!host.ok) return callback(new VettingError(host.failure), '', 0);
        if (options.all === true) return callback(null, [...host.addresses]);
        const [first] = host.addresses;
        if (first === undefined) return callback(new VettingError('dns_failure'), '', 0);
        callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new VettingError('dns_failure'), '', 0),
    );
  };
}

function trustAnchors(extraCa: string | readonly string[] | undefined): SecureContext {
  // Made once: parsing the roots for each connection would cost milliseconds.
  if (extraCa === undefined) return createSecureContext({ minVersion: 'TLSv1.2' });
  return createSecureContext({ minVersion: 'TLSv1.2', ca: [...rootCertificates, ...[extraCa].flat()] });
}

function rememberReuse(socket: Socket): void {
  socket.once('error', (error: Error) => {
    if (socket.bytesRead > 0) resetsOfReusedSockets.add(error);
  });
}
