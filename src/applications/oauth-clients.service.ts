import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { QueryDeepPartialEntity, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { invalidRequest, SsfError } from '../core/errors.js';
import { type ClientJwks, parseClientJwks } from '../core/oauth/client-jwks.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { isUuid, type Page, type PageRequest } from '../platform/paging/page.js';
import { pageById } from '../platform/paging/page-by-id.js';
import { hashToken, newToken } from '../platform/secrets/token.js';
import type { TokenScope } from './application-token.entity.js';
import { ApplicationsService } from './applications.service.js';
import { auditedClient, scopeOf } from './audited-application.js';
import { type ClientAuthMethod, OAuthClient } from './oauth-client.entity.js';
import { FIND_CLIENT_SQL } from './oauth.sql.js';

export interface CreateOAuthClient {
  readonly name?: string;
  readonly tokenEndpointAuthMethod: ClientAuthMethod;
  /** as it was sent; needed for `private_key_jwt`, and for that alone */
  readonly jwks?: unknown;
  readonly scopes: TokenScope[];
}

export interface CreatedOAuthClient {
  readonly clientId: string;
  /** undefined for `private_key_jwt` */
  readonly clientSecret?: string;
}

/** What the authorization server has to know of a client. */
export interface RegisteredClient extends Pick<
  OAuthClient,
  'applicationId' | 'tokenEndpointAuthMethod' | 'secretHash' | 'jwks' | 'scopes'
> {
  readonly clientId: string;
  readonly providerSlug: string;
  readonly providerIssuer: string;
}

/** The clients of the built-in authorization server. */
@Injectable()
export class OAuthClientsService {
  constructor(
    @InjectRepository(OAuthClient) private readonly repository: Repository<OAuthClient>,
    private readonly applications: ApplicationsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The only time that the secret itself exists outside of the client. Throws `invalid_request`, `not_found`. */
  async create(applicationId: string, input: CreateOAuthClient, actor: Actor): Promise<CreatedOAuthClient> {
    const application = await this.applications.get(applicationId);
    const jwks = jwksOf(input);
    const secret = jwks ? undefined : newToken('ssf_cs_');
    const id = uuidv7();
    await this.unitOfWork.run(async (manager) => {
      await manager.insert(OAuthClient, {
        id,
        applicationId,
        name: input.name ?? null,
        tokenEndpointAuthMethod: input.tokenEndpointAuthMethod,
        secretHash: secret === undefined ? null : hashToken(secret),
        jwks: (jwks ?? null) as QueryDeepPartialEntity<ClientJwks> | null,
        scopes: [...new Set(input.scopes)],
      });
      const created = await manager.findOneByOrFail(OAuthClient, { id });
      await recordChange(manager, actor, {
        action: 'oauth_client.created',
        ...scopeOf(application),
        targetId: id,
        after: auditedClient.of(created),
      });
    });
    return { clientId: id, ...(secret !== undefined && { clientSecret: secret }) };
  }

  async list(applicationId: string, request: PageRequest): Promise<Page<OAuthClient>> {
    await this.applications.get(applicationId);
    return pageById(this.repository, { applicationId }, request);
  }

  /** Its tokens end with it. */
  async delete(applicationId: string, clientId: string, actor: Actor): Promise<void> {
    const application = await this.applications.get(applicationId);
    await this.unitOfWork.run(async (manager) => {
      const client = isUuid(clientId)
        ? await manager.findOne(OAuthClient, {
            where: { id: clientId, applicationId },
            // of two who delete it one does
            lock: { mode: 'pessimistic_write' },
          })
        : null;
      if (!client) throw new SsfError('not_found', 'there is no such client');
      await manager.delete(OAuthClient, { id: clientId });
      await recordChange(manager, actor, {
        action: 'oauth_client.deleted',
        ...scopeOf(application),
        targetId: clientId,
        before: auditedClient.of(client),
      });
    });
  }

  /** `clientId` may be anything that a client sent. */
  async findRegistered(clientId: string): Promise<RegisteredClient | undefined> {
    if (!isUuid(clientId)) return undefined;
    const [row] = await this.repository.query<RegisteredClient[]>(FIND_CLIENT_SQL, [clientId]);
    return row;
  }
}

function jwksOf({ tokenEndpointAuthMethod, jwks }: CreateOAuthClient): ClientJwks | undefined {
  if (tokenEndpointAuthMethod === 'private_key_jwt') return parseClientJwks(jwks);
  if (jwks !== undefined)
    throw invalidRequest({ member: 'jwks', message: 'is for private_key_jwt alone, so must be absent' });
  return undefined;
}
