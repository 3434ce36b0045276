import { Injectable } from '@nestjs/common';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { SsfError } from '../../core/errors.js';
import { productProfile } from '../../core/sources/source-profiles.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { countingFailures } from '../../platform/http/failed-authentication.js';
import { readBody } from '../../platform/http/json-body.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { hashToken, sameSecret } from '../../platform/secrets/token.js';
import { SsfMetrics } from '../../platform/telemetry/metrics.js';
import type { SignalSource } from '../../signals/sources/signal-source.entity.js';
import { SignalSourcesService } from '../../signals/sources/signal-sources.service.js';

/** Tells whether a request is of the source that it names: by its token, or by the signature of the body. */
@Injectable()
export class SourceAuthenticationService {
  constructor(
    private readonly sources: SignalSourcesService,
    private readonly metrics: SsfMetrics,
  ) {}

  /** A source that there is not answers as a wrong token does. Throws `missing_token` or `invalid_token`. */
  authenticate(id: string, request: AnyRequest): Promise<SignalSource> {
    return countingFailures(this.metrics, 'source', () => this.judge(id, request));
  }

  private async judge(id: string, request: AnyRequest): Promise<SignalSource> {
    const source = await this.find(id);
    const secret = source && this.sources.secretOf(source);
    if (source && secret !== undefined) {
      await requireSignature(source, secret, request);
      return source;
    }
    const hash = hashToken(bearerToken(request));
    if (!source?.tokenHash || !timingSafeEqual(hash, source.tokenHash))
      throw new SsfError('invalid_token', 'the token is not of this source');
    return source;
  }

  private async find(id: string): Promise<SignalSource | undefined> {
    try {
      return await this.sources.get(id);
    } catch (error) {
      if (error instanceof SsfError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

async function requireSignature(
  { profile }: SignalSource,
  secret: string,
  request: AnyRequest,
): Promise<void> {
  const name = productProfile(profile)?.signatureHeader ?? '';
  const signature = headerOf(request, name);
  if (signature === undefined)
    throw new SsfError('missing_token', `the body must be signed, in the header ${name}`);
  const body = await readBody(request);
  if (typeof body !== 'string' && !Buffer.isBuffer(body))
    throw new SsfError(
      'internal',
      'the host has parsed the body of a source: useRawBodies leaves it as it is signed',
    );
  // whoever reads it next: it can be read from the connection but once
  (request as { body?: unknown }).body = body;
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  if (!sameSecret(signature.toLowerCase(), expected))
    throw new SsfError('invalid_token', `the signature in ${name} is not of this body`);
}
