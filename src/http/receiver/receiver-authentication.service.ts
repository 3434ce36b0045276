import { Inject, Injectable } from '@nestjs/common';
import { AccessTokensService } from '../../applications/access-tokens.service.js';
import { ApplicationTokensService } from '../../applications/application-tokens.service.js';
import { OAuthTokensService } from '../../applications/oauth-tokens.service.js';
import { HOST_RECEIVER_AUTHENTICATOR } from '../../platform/config/port.tokens.js';
import type { ReceiverAuthenticator, ReceiverPrincipal } from '../../platform/config/ports.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import type { Provider } from '../../providers/provider.entity.js';

/** RFC 7515 section 7.1: three parts. The tokens of ours have no dot. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Who calls the receiver API: by a token of an application, one of the built-in authorization server, a JWT of an
 * issuer that the provider trusts, or the host's own way.
 */
@Injectable()
export class ReceiverAuthenticationService {
  constructor(
    private readonly tokens: ApplicationTokensService,
    private readonly oauthTokens: OAuthTokensService,
    private readonly accessTokens: AccessTokensService,
    @Inject(HOST_RECEIVER_AUTHENTICATOR)
    private readonly hostAuthenticator: ReceiverAuthenticator | undefined,
  ) {}

  /** Undefined: the token is not valid. Throws when there is none. */
  async authenticate(
    request: AnyRequest,
    provider: Provider | undefined,
  ): Promise<ReceiverPrincipal | undefined> {
    const token = bearerToken(request);
    if (this.hostAuthenticator)
      return this.hostAuthenticator.authenticate({
        headers: request.headers,
        remoteAddress: request.ip,
        bearerToken: token,
      });
    if (this.oauthTokens.recognises(token)) return this.oauthTokens.authenticate(token);
    if (!JWT.test(token)) return this.tokens.authenticate(token);
    return provider ? this.accessTokens.authenticate(token, provider) : undefined;
  }
}
