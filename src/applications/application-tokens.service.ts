import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { SsfError } from '../core/errors.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { isUuid, type Page, type PageRequest } from '../platform/paging/page.js';
import { pageById } from '../platform/paging/page-by-id.js';
import type { ReceiverPrincipal } from '../platform/config/ports.js';
import { hashToken, newToken } from '../platform/secrets/token.js';
import { ApplicationToken, type TokenScope } from './application-token.entity.js';
import { ApplicationsService } from './applications.service.js';
import { auditedToken, scopeOf } from './audited-application.js';

export interface CreateApplicationToken {
  readonly name?: string;
  readonly scopes: TokenScope[];
  readonly expiresAt?: Date;
}

@Injectable()
export class ApplicationTokensService {
  constructor(
    @InjectRepository(ApplicationToken) private readonly repository: Repository<ApplicationToken>,
    private readonly applications: ApplicationsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The only time that the token itself exists outside of the receiver. */
  async create(
    applicationId: string,
    input: CreateApplicationToken,
    actor: Actor,
  ): Promise<{ id: string; token: string }> {
    const application = await this.applications.get(applicationId);
    const token = newToken('ssf_');
    const id = uuidv7();
    await this.unitOfWork.run(async (manager) => {
      await manager.insert(ApplicationToken, {
        id,
        applicationId,
        name: input.name ?? null,
        tokenHash: hashToken(token),
        scopes: [...new Set(input.scopes)],
        expiresAt: input.expiresAt ?? null,
      });
      const created = await manager.findOneByOrFail(ApplicationToken, { id });
      await recordChange(manager, actor, {
        action: 'token.created',
        ...scopeOf(application),
        targetId: id,
        after: auditedToken.of(created),
      });
    });
    return { id, token };
  }

  async list(applicationId: string, request: PageRequest): Promise<Page<ApplicationToken>> {
    await this.applications.get(applicationId);
    return pageById(this.repository, { applicationId }, request);
  }

  async revoke(applicationId: string, id: string, actor: Actor): Promise<void> {
    const application = await this.applications.get(applicationId);
    await this.unitOfWork.run(async (manager) => {
      const token = isUuid(id)
        ? await manager.findOne(ApplicationToken, {
            where: { id, applicationId },
            // of two who revoke it one does
            lock: { mode: 'pessimistic_write' },
          })
        : null;
      if (!token) throw new SsfError('not_found', 'there is no such token');
      await manager.delete(ApplicationToken, { id });
      await recordChange(manager, actor, {
        action: 'token.revoked',
        ...scopeOf(application),
        targetId: id,
        before: auditedToken.of(token),
      });
    });
  }

  /** Undefined for a token that is unknown, revoked or expired (by the database's clock). */
  async authenticate(token: string): Promise<ReceiverPrincipal | undefined> {
    const row = await this.repository
      .createQueryBuilder('token')
      .where('token.tokenHash = :hash', { hash: hashToken(token) })
      .andWhere('(token.expiresAt is null or token.expiresAt > now())')
      .getOne();
    return row ? { applicationId: row.applicationId, scopes: row.scopes } : undefined;
  }
}
