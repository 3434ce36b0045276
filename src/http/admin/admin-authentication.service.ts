import { Inject, Injectable } from '@nestjs/common';
import { ADMIN_TOKEN_PREFIX } from '../../administrators/admin-token.entity.js';
import { AdminTokensService } from '../../administrators/admin-tokens.service.js';
import { OidcAdministratorsService } from '../../administrators/oidc-administrators.service.js';
import { SsfError } from '../../core/errors.js';
import { HOST_ADMIN_AUTHENTICATOR } from '../../platform/config/port.tokens.js';
import type { AdminAuthenticator, AdminPrincipal } from '../../platform/config/ports.js';
import { SSF_CONFIG, type SsfConfig } from '../../platform/config/ssf-options.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { countingFailures } from '../../platform/http/failed-authentication.js';
import { FailureLimit, networkOf } from '../../platform/http/failure-limit.js';
import { type AnyRequest, originOf } from '../../platform/http/request-facts.js';
import { RecentCache } from '../../platform/recent-cache.js';
import { sameSecret } from '../../platform/secrets/token.js';
import { SsfMetrics } from '../../platform/telemetry/metrics.js';

/** What the audit log calls whoever has the token of the settings. */
const BOOTSTRAP: AdminPrincipal = { id: 'bootstrap', role: 'admin' };
/** How `newToken` makes them: 256 random bits. */
const OUR_TOKEN = new RegExp(`^${ADMIN_TOKEN_PREFIX}[\\w-]{43}$`);
/** From which the token of the settings was used. */
const MAX_KNOWN_NETWORKS = 1_000;

/**
 * Who calls the admin API: by the token of the settings, an admin token, a JWT of the OpenID provider of the settings, or
 * the host's own way.
 *
 * An address that fails too often gets 429 for what fails. It is still asked who it is, or one could lock the others out
 * that share the address: our tokens and signatures cannot be guessed. The token of the settings, which a person may have
 * made up, is compared no more for it, unless it was used from there before (docs/adr/0019-administrators.md).
 */
@Injectable()
export class AdminAuthenticationService {
  private readonly failures: FailureLimit;
  private readonly knownNetworks = new RecentCache<true>(MAX_KNOWN_NETWORKS);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly tokens: AdminTokensService,
    private readonly oidc: OidcAdministratorsService,
    @Inject(HOST_ADMIN_AUTHENTICATOR) private readonly hostAuthenticator: AdminAuthenticator | undefined,
    private readonly metrics: SsfMetrics,
  ) {
    this.failures = new FailureLimit(config.failedAuthenticationsPerMinute);
  }

  /**
   * Throws `missing_token`, `invalid_token`, `too_many_requests`, `forbidden` for a token that is valid and gives no role,
   * `unavailable` when nobody can tell at the moment.
   */
  authenticate(request: AnyRequest): Promise<AdminPrincipal> {
    return countingFailures(this.metrics, 'admin', async () => {
      const token = bearerToken(request);
      const { address } = originOf(request);
      const waitSeconds = this.failures.waitSeconds(address);
      const mayGuess = waitSeconds === undefined || this.knownNetworks.find(networkOf(address)) === true;
      const bootstrap = mayGuess || OUR_TOKEN.test(token) ? this.bootstrap(token, address) : undefined;
      const principal = bootstrap ?? (await this.find(token, request));
      if (principal) return principal;
      this.failures.count(address);
      if (waitSeconds === undefined)
        throw new SsfError('invalid_token', 'the token is unknown, expired or revoked');
      throw new SsfError(
        'too_many_requests',
        `too many wrong tokens from this address: try again in ${waitSeconds} s`,
        { retryAfterSeconds: waitSeconds },
      );
    });
  }

  private bootstrap(token: string, address: string | undefined): AdminPrincipal | undefined {
    const { adminToken } = this.config;
    if (adminToken === undefined || !sameSecret(token, adminToken)) return undefined;
    const network = networkOf(address);
    if (!this.knownNetworks.find(network)) this.knownNetworks.put(network, true);
    return BOOTSTRAP;
  }

  private async find(token: string, request: AnyRequest): Promise<AdminPrincipal | undefined> {
    if (token.startsWith(ADMIN_TOKEN_PREFIX)) return this.tokens.authenticate(token);
    if (this.oidc.recognises(token)) return this.oidcPrincipal(token);
    return this.hostAuthenticator?.authenticate({
      headers: request.headers,
      remoteAddress: request.ip,
      bearerToken: token,
    });
  }

  private async oidcPrincipal(token: string): Promise<AdminPrincipal | undefined> {
    const found = await this.oidc.authenticate(token);
    if (!found) return undefined;
    const { role, ...administrator } = found;
    if (role === undefined)
      throw new SsfError('forbidden', 'the token is valid, but names no role of this transmitter');
    return { ...administrator, role };
  }
}
