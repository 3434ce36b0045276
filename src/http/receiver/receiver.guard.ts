import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApplicationsService } from '../../applications/applications.service.js';
import type { Actor } from '../../audit/actor.js';
import { SsfError } from '../../core/errors.js';
import type { ReceiverPrincipal } from '../../platform/config/ports.js';
import { countingFailures } from '../../platform/http/failed-authentication.js';
import { type AnyRequest, originOf } from '../../platform/http/request-facts.js';
import { SsfMetrics } from '../../platform/telemetry/metrics.js';
import type { Provider } from '../../providers/provider.entity.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { ReceiverAuthenticationService } from './receiver-authentication.service.js';
import { type ReceiverScope, REQUIRED_SCOPE, setReceiver, sufficientScopes } from './receiver.js';

/**
 * Who calls (401), whether the scope is enough (403), and whether the provider of the path is the caller's (404:
 * for a receiver another provider does not exist; SSF 1.0 section 8).
 */
@Injectable()
export class ReceiverGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: ReceiverAuthenticationService,
    private readonly applications: ApplicationsService,
    private readonly providers: ProvidersService,
    private readonly metrics: SsfMetrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AnyRequest & { params: { slug: string } }>();
    const provider = (await this.providers.findBySlug(request.params.slug)) ?? undefined;
    // RFC 9728 section 5.1: tells a client where to get a token
    const resourceMetadata = provider && this.providers.urls(provider).resourceMetadataUrl;
    const principal = await countingFailures(this.metrics, 'receiver', () =>
      this.authenticate(request, provider),
    ).catch((error: unknown) => {
      throw error instanceof SsfError ? error.with({ resourceMetadata }) : error;
    });
    const scope = this.reflector.get<ReceiverScope>(REQUIRED_SCOPE, context.getHandler());
    if (!sufficientScopes(scope).some((each) => principal.scopes.includes(each)))
      throw new SsfError('insufficient_scope', `the scope ${scope} is needed`, { scope, resourceMetadata });
    const application = await this.applications.get(principal.applicationId);
    if (application.providerId !== provider?.id)
      throw new SsfError('not_found', 'there is nothing here for this receiver');
    const actor: Actor = { kind: 'receiver', id: application.id, ...originOf(request) };
    setReceiver(request, { provider, application, actor });
    return true;
  }

  private async authenticate(
    request: AnyRequest,
    provider: Provider | undefined,
  ): Promise<ReceiverPrincipal> {
    const principal = await this.authentication.authenticate(request, provider);
    if (!principal) throw new SsfError('invalid_token', 'the token is unknown, expired or revoked');
    return principal;
  }
}
