import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

export interface OAuthRequest {
  /** relative to the issuer, such as `/token` */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

export interface OAuthAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Lets a Node handler answer a POST in this process. It gets a request of its own, made of what counts and of nothing
 * else: the body is readable whatever the host's parsers did with the original; host and scheme are those of the
 * issuer whatever the client claims (the URLs that assertions may be addressed to are made of them); and JSON is all
 * that it accepts, so that no error is a page.
 */
export async function exchange(
  handler: NodeHandler,
  issuer: string,
  { path, authorization, contentType, body }: OAuthRequest,
): Promise<OAuthAnswer> {
  const { host, protocol, pathname } = new URL(issuer);
  const request = new IncomingMessage(new Socket());
  Object.assign(request, {
    method: 'POST',
    url: path,
    originalUrl: pathname + path,
    headers: {
      host,
      'x-forwarded-proto': protocol.slice(0, -1),
      accept: 'application/json',
      'content-length': String(body.length),
      ...(authorization !== undefined && { authorization }),
      ...(contentType !== undefined && { 'content-type': contentType }),
    },
  });
  request.push(body);
  request.push(null);
  const response = new ServerResponse(request);
  let written: string | undefined;
  response.end = ((chunk?: string | Buffer) => {
    written = chunk?.toString() ?? '';
    return response;
  }) as ServerResponse['end'];
  await handler(request, response);
  if (written === undefined) throw new Error('the handler did not answer');
  return { status: response.statusCode, headers: response.getHeaders(), body: written };
}
