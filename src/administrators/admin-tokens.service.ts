import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import type { AdminRole } from '../core/admin-role.js';
import { SsfError } from '../core/errors.js';
import type { AdminPrincipal } from '../platform/config/ports.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { isUuid, type Page, type PageRequest } from '../platform/paging/page.js';
import { pageById } from '../platform/paging/page-by-id.js';
import { hashToken, newToken } from '../platform/secrets/token.js';
import { ADMIN_TOKEN_PREFIX, AdminToken } from './admin-token.entity.js';
import { USE_TOKEN_SQL } from './admin-token.sql.js';
import { auditedAdminToken } from './audited-admin-token.js';

export interface CreateAdminToken {
  readonly name: string;
  readonly role: AdminRole;
  readonly expiresAt?: Date;
}

/** Tokens of the admin API, beside the one that the settings have. */
@Injectable()
export class AdminTokensService {
  constructor(
    @InjectRepository(AdminToken) private readonly repository: Repository<AdminToken>,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The only time that the token itself exists outside of whoever uses it. */
  async create(
    { name, role, expiresAt }: CreateAdminToken,
    actor: Actor,
  ): Promise<{ id: string; token: string }> {
    const token = newToken(ADMIN_TOKEN_PREFIX);
    const id = uuidv7();
    await this.unitOfWork.run(async (manager) => {
      const tokenHash = hashToken(token);
      await manager.insert(AdminToken, { id, name, role, tokenHash, expiresAt: expiresAt ?? null });
      const created = await manager.findOneByOrFail(AdminToken, { id });
      await recordChange(manager, actor, {
        action: 'admin_token.created',
        targetId: id,
        after: auditedAdminToken.of(created),
      });
    });
    return { id, token };
  }

  /** Oldest first, with those that have expired. */
  list(request: PageRequest): Promise<Page<AdminToken>> {
    return pageById(this.repository, {}, request);
  }

  async revoke(id: string, actor: Actor): Promise<void> {
    await this.unitOfWork.run(async (manager) => {
      // of two who revoke it one does
      const lock = { mode: 'pessimistic_write' } as const;
      const token = isUuid(id) ? await manager.findOne(AdminToken, { where: { id }, lock }) : null;
      if (!token) throw new SsfError('not_found', 'there is no such token');
      await manager.delete(AdminToken, { id });
      await recordChange(manager, actor, {
        action: 'admin_token.revoked',
        targetId: id,
        before: auditedAdminToken.of(token),
      });
    });
  }

  /** Undefined for a token that is unknown, revoked or expired (by the database's clock). */
  async authenticate(token: string): Promise<AdminPrincipal | undefined> {
    const [found] = await this.unitOfWork.manager.query<AdminPrincipal[]>(USE_TOKEN_SQL, [hashToken(token)]);
    return found;
  }
}
