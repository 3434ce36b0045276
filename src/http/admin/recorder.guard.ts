import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { SsfError } from '../../core/errors.js';
import { productProfile } from '../../core/sources/source-profiles.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { countingFailures } from '../../platform/http/failed-authentication.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { SsfMetrics } from '../../platform/telemetry/metrics.js';
import { EMIT_TOKEN_PREFIX, type SignalSource } from '../../signals/sources/signal-source.entity.js';
import { SignalSourcesService } from '../../signals/sources/signal-sources.service.js';
import { AdminGuard } from './admin.guard.js';

/** Whatever else is wrong with it is for whoever reads it. */
const EMIT_TOKEN = new RegExp(`^Bearer +${EMIT_TOKEN_PREFIX}`, 'i');

const sources = new WeakMap<AnyRequest, SignalSource>();

/** Who may record signals: an administrator, or a source with its token (scope `ssf.emit`), for its own provider. */
@Injectable()
export class RecorderGuard implements CanActivate {
  constructor(
    private readonly administrators: AdminGuard,
    private readonly signalSources: SignalSourcesService,
    private readonly metrics: SsfMetrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AnyRequest>();
    if (!EMIT_TOKEN.test(headerOf(request, 'authorization') ?? ''))
      return this.administrators.canActivate(context);
    const source = await countingFailures(this.metrics, 'source', () => this.find(bearerToken(request)));
    if (productProfile(source.profile))
      throw new SsfError('forbidden', `this source sends its events to /api/v1/sources/${source.id}/events`);
    sources.set(request, source);
    return true;
  }

  private async find(token: string): Promise<SignalSource> {
    const source = await this.signalSources.findByToken(token);
    if (!source) throw new SsfError('invalid_token', 'the token is unknown or was replaced');
    return source;
  }
}

/** The source that the guard admitted; undefined: an administrator. */
export function sourceOf(request: AnyRequest): SignalSource | undefined {
  return sources.get(request);
}
