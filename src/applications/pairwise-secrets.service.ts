import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { randomBytes } from 'node:crypto';
import { type EntityManager, In, IsNull, type Repository } from 'typeorm';
import { type PairwiseSubjects, pairwiseSubjects } from '../core/subjects/pairwise-subjects.js';
import { Resealing } from '../platform/secrets/resealing.js';
import { SecretBox } from '../platform/secrets/secret-box.js';
import { Application } from './application.entity.js';

/**
 * The secrets by which applications know users under names of their own. Each has one, for good: with another one its
 * receiver would know nobody any more.
 */
@Injectable()
export class PairwiseSecretsService {
  constructor(
    @InjectRepository(Application) private readonly repository: Repository<Application>,
    private readonly secrets: SecretBox,
    resealing: Resealing,
  ) {
    resealing.register({
      name: 'secrets of pairwise subjects',
      table: 'ssf.application',
      id: 'id',
      idType: 'uuid',
      column: 'pairwise_secret',
      sealedAs,
    });
  }

  /** A new one, sealed. */
  create(applicationId: string): Buffer {
    return this.secrets.seal(randomBytes(32).toString('base64url'), sealedAs(applicationId));
  }

  /** Sees to it that an application has one. */
  async ensure(manager: EntityManager, id: string): Promise<void> {
    await manager.update(Application, { id, pairwiseSecret: IsNull() }, { pairwiseSecret: this.create(id) });
  }

  /** Of those of the applications that have pairwise subjects; one that was deleted meanwhile is not among them. */
  async of(applications: readonly Application[]): Promise<Map<string, PairwiseSubjects>> {
    const ids = applications.flatMap(({ id, pairwiseSubjects: isPairwise }) => (isPairwise ? [id] : []));
    if (ids.length === 0) return new Map();
    const rows = await this.repository.find({
      where: { id: In(ids) },
      select: { id: true, pairwiseSecret: true },
    });
    return new Map(
      rows.flatMap(({ id, pairwiseSecret }) =>
        pairwiseSecret
          ? [[id, pairwiseSubjects(this.secrets.open(pairwiseSecret, sealedAs(id)), id)] as const]
          : [],
      ),
    );
  }
}

function sealedAs(id: string): string {
  return `application|${id}|pairwise_secret`;
}
