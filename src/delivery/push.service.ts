import { Injectable } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import {
  classifyPushResponse,
  parseRetryAfter,
  type PushOutcome,
} from '../core/delivery/classify-push-response.js';
import { OutboundHttp } from '../platform/outbound/outbound-http.js';
import type { PushAnswer } from '../platform/outbound/push-answer.js';
import { inSpan } from '../platform/tracing/spans.js';
import type { PushTarget } from '../streams/push-targets.service.js';
import type { ReadySet } from './ready-set.js';
import { pushSpan, tellOutcome } from './push-span.js';
import { SetSigningService, type SignedSet } from './set-signing.service.js';
import { SignedSets } from './signed-sets.js';

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
    private readonly signedSets: SignedSets,
    private readonly outbound: OutboundHttp,
  ) {}

  /** Signs ahead, while others are under way. An error is met by the {@link push} of this SET, which reads it anew. */
  prepare(target: PushTarget, set: ReadySet): void {
    if (set.signed === undefined) this.signedForm(target, set).catch(() => undefined);
  }

  async push(target: PushTarget, set: ReadySet): Promise<PushResult> {
    let signed = await this.signedForm(target, set);
    // anew when its key has left the JWK Set since, or is about to; to wait for what is known takes a turn and memory
    const isSendable = this.signing.isSendable(target.providerId, signed.kid);
    if (isSendable !== true && !(await isSendable))
      signed = await this.signing.sign(target.providerId, set.claims);
    const result = await inSpan(
      'ssf.set.push',
      () => pushSpan(target, set),
      (span) => this.send(target, signed, span),
    );
    // it is done with: what is old by now would carry what it holds through every scavenge (docs/scaling.md)
    set.signed = undefined;
    if (result.outcome.outcome === 'retry') this.signedSets.put(set.jti, signed);
    else this.signedSets.forget(set.jti);
    return result;
  }

  private async send(target: PushTarget, { token }: SignedSet, span: Span | undefined): Promise<PushResult> {
    const headers = requestHeaders(target);
    const result = judge(await this.outbound.post({ url: target.endpointUrl, headers, body: token }));
    if (span) tellOutcome(span, result.outcome, result.httpStatus);
    return result;
  }

  /** Signed once, with the key that is active then (SSF-F-14). */
  private signedForm(target: PushTarget, set: ReadySet): Promise<SignedSet> {
    if (set.signed) return set.signed;
    const kept = this.signedSets.find(set.jti);
    set.signed =
      kept === undefined ? this.signing.sign(target.providerId, set.claims) : Promise.resolve(kept);
    return set.signed;
  }
}

function judge(answer: PushAnswer): PushResult {
  const { durationMs } = answer;
  if (answer.kind === 'network')
    return { outcome: classifyPushResponse(answer), httpStatus: undefined, durationMs };
  const outcome = classifyPushResponse({
    kind: 'response',
    status: answer.status,
    contentType: answer.headers.contentType,
    body: answer.body,
    retryAfterSeconds: parseRetryAfter(answer.headers.retryAfter, new Date()),
  });
  return { outcome, httpStatus: answer.status, durationMs };
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
