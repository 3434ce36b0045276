import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../audit/actor.js';
import type { AuditAction } from '../../audit/audit-action.js';
import type { Shown } from '../../audit/audited.js';
import { recordChange } from '../../audit/record-change.js';
import { invalidRequest, SsfError } from '../../core/errors.js';
import { productProfile, type SourceProfileName } from '../../core/sources/source-profiles.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type IfMatch, requireMatch } from '../../platform/http/entity-tag.js';
import { isUniqueViolation } from '../../platform/database/unique-violation.js';
import { isUuid, type Page, type PageRequest } from '../../platform/paging/page.js';
import { pageById } from '../../platform/paging/page-by-id.js';
import { Resealing } from '../../platform/secrets/resealing.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { hashToken, newToken } from '../../platform/secrets/token.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { auditedSource } from './audited-source.js';
import { EMIT_TOKEN_PREFIX, SignalSource, type Unmapped } from './signal-source.entity.js';

export interface CreateSignalSource {
  readonly providerId: string;
  readonly slug: string;
  readonly name: string;
  readonly profile: SourceProfileName;
  /** default: `list` for the events of products, else `refuse` */
  readonly unmapped?: Unmapped;
  /** what the other system signs with; default: a token of ours */
  readonly signingSecret?: string;
}

export type UpdateSignalSource = Partial<Pick<CreateSignalSource, 'name' | 'unmapped' | 'signingSecret'>>;

/** `token` when it has one, this once. */
export interface CreatedSignalSource {
  readonly source: SignalSource;
  readonly token?: string;
}

type Credential = Pick<SignalSource, 'tokenHash' | 'signingSecret'>;

@Injectable()
export class SignalSourcesService {
  constructor(
    @InjectRepository(SignalSource) private readonly repository: Repository<SignalSource>,
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly secrets: SecretBox,
    resealing: Resealing,
  ) {
    resealing.register({
      name: 'secrets of signal sources',
      table: 'ssf.signal_source',
      id: 'id',
      idType: 'uuid',
      column: 'signing_secret',
      sealedAs,
    });
  }

  /** Throws `invalid_request` for what the profile has not, `conflict` for a slug that is taken. */
  async create(input: CreateSignalSource, actor: Actor): Promise<CreatedSignalSource> {
    const { slug, name, profile } = input;
    const id = uuidv7();
    const unmapped = input.unmapped ?? (productProfile(profile) ? 'list' : 'refuse');
    requireFitting(profile, { ...input, unmapped });
    const { token, ...credential } = this.credential(id, input.signingSecret);
    const source = {
      id,
      providerId: await this.providerId(input),
      slug,
      name,
      profile,
      unmapped,
      ...credential,
    };
    const created = await this.unitOfWork
      .run(async (manager) => {
        await manager.insert(SignalSource, source);
        const inserted = await manager.findOneByOrFail(SignalSource, { id });
        await record(manager, actor, 'signal_source.created', inserted, {
          after: auditedSource.of(inserted),
        });
        return inserted;
      })
      .catch((error: unknown) => {
        if (!isUniqueViolation(error)) throw error;
        throw new SsfError('conflict', 'slug: another source of this provider has it', { cause: error });
      });
    return { source: created, ...(token !== undefined && { token }) };
  }

  list(request: PageRequest & { readonly providerId?: string }): Promise<Page<SignalSource>> {
    const { providerId } = request;
    return pageById(this.repository, providerId ? { providerId } : {}, request);
  }

  async get(id: string): Promise<SignalSource> {
    const source = isUuid(id) ? await this.repository.findOneBy({ id }) : null;
    if (!source) throw new SsfError('not_found', 'there is no such source');
    return source;
  }

  /** There are few sources, so that no index is worth its upkeep. */
  findByToken(token: string): Promise<SignalSource | null> {
    return this.repository.findOneBy({ tokenHash: hashToken(token) });
  }

  /**
   * A signing secret takes the place of the one before, or of the token. Throws `precondition_failed` when the source is
   * not what `ifMatch` names.
   */
  update(
    id: string,
    { signingSecret, ...changes }: UpdateSignalSource,
    actor: Actor,
    ifMatch?: IfMatch,
  ): Promise<SignalSource> {
    return this.change(id, async (manager, before) => {
      requireMatch(before, ifMatch);
      requireFitting(before.profile, { ...changes, signingSecret });
      await manager.update(SignalSource, { id }, { ...changes, ...this.secretOnly(id, signingSecret) });
      const after = await manager.findOneByOrFail(SignalSource, { id });
      const difference = auditedSource.difference(before, after);
      if (difference) await record(manager, actor, 'signal_source.updated', after, difference);
      if (signingSecret !== undefined)
        await record(manager, actor, 'signal_source.credential_changed', after, {});
      return after;
    });
  }

  /** A new token takes the place of the one before, or of the signing secret. */
  renewToken(id: string, actor: Actor): Promise<string> {
    const { token, ...credential } = this.credential(id, undefined);
    if (token === undefined) throw new SsfError('internal', 'a token was not made');
    return this.change(id, async (manager, source) => {
      await manager.update(SignalSource, { id }, credential);
      await record(manager, actor, 'signal_source.credential_changed', source, {});
      return token;
    });
  }

  /** Throws `precondition_failed` when it is not what `ifMatch` names. */
  delete(id: string, actor: Actor, ifMatch?: IfMatch): Promise<void> {
    return this.change(id, async (manager, source) => {
      requireMatch(source, ifMatch);
      await manager.delete(SignalSource, { id });
      await record(manager, actor, 'signal_source.deleted', source, { before: auditedSource.of(source) });
    });
  }

  /** Undefined for a source that has a token instead. */
  secretOf({ id, signingSecret }: SignalSource): string | undefined {
    return signingSecret ? this.secrets.open(signingSecret, sealedAs(id)) : undefined;
  }

  /** In a transaction, with the source locked. */
  private change<Result>(
    id: string,
    work: (manager: EntityManager, source: SignalSource) => Promise<Result>,
  ): Promise<Result> {
    return this.unitOfWork.run(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const source = isUuid(id) ? await manager.findOne(SignalSource, { where: { id }, lock }) : null;
      if (!source) throw new SsfError('not_found', 'there is no such source');
      return work(manager, source);
    });
  }

  private secretOnly(id: string, signingSecret: string | undefined): Partial<Credential> {
    if (signingSecret === undefined) return {};
    return { tokenHash: null, signingSecret: this.secrets.seal(signingSecret, sealedAs(id)) };
  }

  private credential(
    id: string,
    signingSecret: string | undefined,
  ): Credential & { readonly token?: string } {
    if (signingSecret !== undefined)
      return { tokenHash: null, signingSecret: this.secrets.seal(signingSecret, sealedAs(id)) };
    const token = newToken(EMIT_TOKEN_PREFIX);
    return { token, tokenHash: hashToken(token), signingSecret: null };
  }

  private async providerId({ providerId }: CreateSignalSource): Promise<string> {
    try {
      return (await this.providers.get(providerId)).id;
    } catch (error) {
      if (error instanceof SsfError && error.code === 'not_found')
        throw invalidRequest({ member: 'providerId', message: 'there is no such provider' });
      throw error;
    }
  }
}

function record(
  manager: EntityManager,
  actor: Actor,
  action: AuditAction,
  { id, providerId }: SignalSource,
  change: { readonly before?: Shown; readonly after?: Shown },
): Promise<void> {
  return recordChange(manager, actor, { action, providerId, targetId: id, ...change });
}

function sealedAs(id: string): string {
  return `signal_source|${id}|signing_secret`;
}

function requireFitting(
  profile: SourceProfileName,
  { unmapped, signingSecret }: Pick<UpdateSignalSource, 'unmapped' | 'signingSecret'>,
): void {
  const product = productProfile(profile);
  if (unmapped === 'list' && !product)
    throw invalidRequest({ member: 'unmapped', message: `must be refuse for the profile ${profile}` });
  if (signingSecret !== undefined && product?.signatureHeader === undefined)
    throw invalidRequest({
      member: 'signingSecret',
      message: `is not for the profile ${profile}, which has a token`,
    });
}
