import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Client, errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { OAuthClientsService } from '../../applications/oauth-clients.service.js';
import { OAuthTokensService } from '../../applications/oauth-tokens.service.js';
import { SSF_CONFIG, type SsfConfig } from '../../platform/config/ssf-options.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { authorizationServerIssuer, providerUrls } from '../../providers/provider-urls.js';
import { exchange, type NodeHandler, type OAuthAnswer, type OAuthRequest } from './exchange.js';
import { CLIENT_APPLICATION, type OAuthStore } from './oauth-storage.js';
import { createOidcProvider } from './oidc-provider.js';

/**
 * The built-in authorization server: oidc-provider on the tables of the applications. Everything that it has to
 * remember is in the database, so any process answers for any other.
 */
@Injectable()
export class AuthorizationServer {
  private readonly logger = new Logger(AuthorizationServer.name);
  private readonly failures = new WeakMap<IncomingMessage, Error>();
  private handler: Promise<NodeHandler> | undefined;

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly tokens: OAuthTokensService,
    private readonly providers: ProvidersService,
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
  ) {}

  get issuer(): string {
    return authorizationServerIssuer(this.providers.baseUrl);
  }

  /** Rejects when the fault is ours; what the client did wrong is an answer. */
  async answer(request: OAuthRequest): Promise<OAuthAnswer> {
    const { issuer } = this;
    this.handler ??= this.start(issuer);
    return exchange(await this.handler, issuer, request);
  }

  private async start(issuer: string): Promise<NodeHandler> {
    const provider = await createOidcProvider({
      issuer,
      tokenSeconds: this.config.oauthTokenSeconds,
      store: { tokens: this.tokens, findClient: (id) => this.findClient(id) },
    });
    this.listen(provider);
    const callback = provider.callback();
    return async (request, response) => {
      await callback(request, response);
      const failure = this.failures.get(request);
      if (failure !== undefined) throw failure;
    };
  }

  private listen(provider: Provider): void {
    provider.on('server_error', ({ req }, error) => this.failures.set(req, error));
    // Koa's own event, for what was thrown outside of that: without a listener it is printed
    (provider as EventEmitter).on('error', (error: Error, { req }: KoaContextWithOIDC) =>
      this.failures.set(req, error),
    );
    provider.on('grant.success', ({ oidc: { entities } }) =>
      this.logger.log({
        event: 'oauth.token_issued',
        ...idsOf(entities.Client),
        scope: entities.ClientCredentials?.scope,
      }),
    );
    provider.on('grant.error', (context, error) => this.logRefusal(context, error));
    provider.on('introspection.error', (context, error) => this.logRefusal(context, error));
    provider.on('revocation.error', (context, error) => this.logRefusal(context, error));
  }

  /** The client is named only when it exists: what else was sent as its id may be anything, a secret among it. */
  private logRefusal({ oidc }: KoaContextWithOIDC, error: errors.OIDCProviderError): void {
    this.logger.warn({
      event: 'oauth.refused',
      endpoint: oidc.route,
      ...idsOf(oidc.entities.Client),
      error: error.error,
      reason: error.error_detail ?? error.error_description,
    });
  }

  private async findClient(id: string): ReturnType<OAuthStore['findClient']> {
    const client = await this.clients.findRegistered(id);
    if (!client) return undefined;
    const { providerSlug: slug, providerIssuer: issuer } = client;
    return { ...client, resource: providerUrls(this.providers.baseUrl, { slug, issuer }).resource };
  }
}

function idsOf(client: Client | undefined): object {
  return client ? { clientId: client.clientId, applicationId: client[CLIENT_APPLICATION] } : {};
}
