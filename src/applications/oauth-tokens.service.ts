import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { ReceiverPrincipal } from '../platform/config/ports.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { hashToken } from '../platform/secrets/token.js';
import { CLAIM_ASSERTION_SQL, CLEAN_UP_SQL, FIND_TOKEN_SQL, ISSUE_TOKEN_SQL } from './oauth.sql.js';

/** Lets people and secret scanners recognise an access token. */
export const ACCESS_TOKEN_PREFIX = 'ssf_at_';
/** An application token that happens to begin like this is shorter. */
const ACCESS_TOKEN = /^ssf_at_[\w-]{43}$/;

const CLEAN_UP_MS = 10 * 60_000;

export interface OAuthAccessToken {
  readonly clientId: string;
  readonly applicationId: string;
  readonly scopes: string[];
  /** the resource identifier of the provider's receiver API (RFC 8707) */
  readonly audience: string;
  /** NumericDate */
  readonly issuedAt: number;
  /** NumericDate */
  readonly expiresAt: number;
}

export interface IssueOAuthToken extends Pick<OAuthAccessToken, 'clientId' | 'scopes' | 'audience'> {
  readonly token: string;
  readonly lastsSeconds: number;
}

/**
 * The access tokens of the built-in authorization server, of which only the hashes are kept. They are opaque: a row
 * can be taken back at once, a signature cannot. When one expires is for the database's clock to say.
 */
@Injectable()
export class OAuthTokensService implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.every(CLEAN_UP_MS, 'oauth-tokens', () => this.cleanUp());
  }

  /** False: the client has just been deleted, and there is no token. */
  async issue({ token, clientId, scopes, audience, lastsSeconds }: IssueOAuthToken): Promise<boolean> {
    const parameters = [hashToken(token), clientId, scopes, audience, lastsSeconds];
    const rows = await this.unitOfWork.manager.query<unknown[]>(ISSUE_TOKEN_SQL, parameters);
    return rows.length > 0;
  }

  /** Undefined for a token that is unknown, revoked or expired. */
  async find(token: string): Promise<OAuthAccessToken | undefined> {
    const [row] = await this.unitOfWork.manager.query<OAuthAccessToken[]>(FIND_TOKEN_SQL, [hashToken(token)]);
    return row;
  }

  async revoke(token: string): Promise<void> {
    await this.unitOfWork.manager.query('delete from ssf.oauth_access_token where token_hash = $1', [
      hashToken(token),
    ]);
  }

  /** Whether a token has the form of these; it may be unknown none the less. */
  recognises(token: string): boolean {
    return ACCESS_TOKEN.test(token);
  }

  /** Undefined for a token that is unknown, revoked or expired. */
  async authenticate(token: string): Promise<ReceiverPrincipal | undefined> {
    const found = await this.find(token);
    return found && { applicationId: found.applicationId, scopes: found.scopes };
  }

  /** Whether nobody has shown this assertion before, to any process. */
  async claimAssertion(id: string, expiresInSeconds: number): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>(CLAIM_ASSERTION_SQL, [id, expiresInSeconds]);
    return rows.length > 0;
  }

  /** Deletes what has expired. */
  async cleanUp(): Promise<void> {
    for (const sql of CLEAN_UP_SQL) await this.unitOfWork.manager.query(sql);
  }
}
