import { Injectable } from '@nestjs/common';
import {
  classifyPushResponse,
  parseRetryAfter,
  type PushOutcome,
} from '../core/delivery/classify-push-response.js';
import { OutboundHttp } from '../platform/outbound/outbound-http.js';
import type { PushTarget } from '../streams/push-targets.service.js';
import type { ReadySet } from './leased-stream.js';
import { SetSigningService } from './set-signing.service.js';

export interface PushResult {
  readonly outcome: PushOutcome;
  readonly httpStatus: number | undefined;
  readonly durationMs: number;
}

/** Signs a SET and POSTs it (RFC 8935 section 2.1). */
@Injectable()
export class PushService {
  constructor(
    private readonly signing: SetSigningService,
    private readonly outbound: OutboundHttp,
  ) {}

  /** Signed with the key that is active at the first dispatch; the same bytes at every later one. */
  async push(target: PushTarget, set: ReadySet): Promise<PushResult> {
    set.signed ??= this.signing.sign(target.providerId, set.claims);
    const answer = await this.outbound.post({
      url: target.endpointUrl,
      headers: requestHeaders(target),
      body: await set.signed,
    });
    if (answer.kind === 'network')
      return { outcome: classifyPushResponse(answer), httpStatus: undefined, durationMs: answer.durationMs };
    const outcome = classifyPushResponse({
      kind: 'response',
      status: answer.status,
      contentType: answer.headers.contentType,
      body: answer.body,
      retryAfterSeconds: parseRetryAfter(answer.headers.retryAfter, new Date()),
    });
    return { outcome, httpStatus: answer.status, durationMs: answer.durationMs };
  }
}

/** RFC 8935 section 2.1; SSF 1.0 section 6.1.1: `authorization_header` verbatim, and none when there is none. */
function requestHeaders(target: PushTarget): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/secevent+jwt',
    accept: 'application/json',
    'user-agent': 'ssf-transmitter',
  };
  if (target.authorizationHeader !== undefined) headers.authorization = target.authorizationHeader;
  return headers;
}
