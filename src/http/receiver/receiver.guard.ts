import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApplicationTokensService } from '../../applications/application-tokens.service.js';
import { ApplicationsService } from '../../applications/applications.service.js';
import { SsfError } from '../../core/errors.js';
import { HOST_RECEIVER_AUTHENTICATOR } from '../../platform/config/port.tokens.js';
import type { ReceiverAuthenticator, ReceiverPrincipal } from '../../platform/config/ports.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { type ReceiverScope, REQUIRED_SCOPE, setReceiver } from './receiver.js';

/**
 * Who calls (401), whether the scope is enough (403), and whether the provider of the path is the caller's (404:
 * for a receiver another provider does not exist; SSF 1.0 section 8).
 */
@Injectable()
export class ReceiverGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: ApplicationTokensService,
    private readonly applications: ApplicationsService,
    private readonly providers: ProvidersService,
    @Inject(HOST_RECEIVER_AUTHENTICATOR)
    private readonly hostAuthenticator: ReceiverAuthenticator | undefined,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AnyRequest & { params: Record<string, string> }>();
    const principal = await this.authenticate(request);
    if (!principal) throw new SsfError('invalid_token', 'the token is unknown, expired or revoked');
    const scope = this.reflector.get<ReceiverScope>(REQUIRED_SCOPE, context.getHandler());
    if (!isEnough(principal.scopes, scope))
      throw new SsfError('insufficient_scope', `the scope ${scope} is needed`, { scope });
    const application = await this.applications.get(principal.applicationId);
    const provider = await this.providers.get(application.providerId);
    if (provider.slug !== request.params.slug)
      throw new SsfError('not_found', 'there is nothing here for this receiver');
    setReceiver(request, { provider, application });
    return true;
  }

  private authenticate(request: AnyRequest): Promise<ReceiverPrincipal | undefined> {
    const token = bearerToken(request);
    if (!this.hostAuthenticator) return this.tokens.authenticate(token);
    return this.hostAuthenticator.authenticate({
      headers: request.headers,
      remoteAddress: request.ip,
      bearerToken: token,
    });
  }
}

/** `ssf.manage` implies all; polling is also open to those who may only read. */
function isEnough(granted: readonly string[], needed: ReceiverScope): boolean {
  if (granted.includes('ssf.manage') || granted.includes(needed)) return true;
  return needed === 'ssf.manage.poll' && granted.includes('ssf.read');
}
