import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import type { Shown } from '../audit/audited.js';
import { recordChange } from '../audit/record-change.js';
import { parseIssuer } from '../core/discovery/well-known.js';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import type { FoldRepeats } from '../core/events/fold-repeats.js';
import { type EventMapping, parseEventMapping } from '../core/events/event-mapping.js';
import { isText } from '../core/text.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { isLoopbackHost } from '../platform/config/setting-parsers.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import { isUuid, type Page, type PageRequest } from '../platform/paging/page.js';
import { pageById } from '../platform/paging/page-by-id.js';
import { auditedProvider } from './audited-provider.js';
import { type DefaultSubjects, Provider, type TrustedIssuer } from './provider.entity.js';
import { authorizationServerIssuer, providerUrls, type ProviderUrls } from './provider-urls.js';

/** Segments that the path of an issuer may have. */
export const MAX_ISSUER_SEGMENTS = 8;

export interface CreateProvider {
  readonly slug: string;
  readonly name: string;
  readonly issuer?: string;
  readonly trustedIssuers?: TrustedIssuer[];
  readonly defaultSubjects?: DefaultSubjects;
  readonly signingAlgorithm?: SigningAlgorithm;
  readonly keyRotationDays?: number | null;
  readonly eventRetentionDays?: number;
  readonly specVersion?: string;
  readonly legacyDeliveryUris?: boolean;
  /** an {@link EventMapping} that nobody has looked at */
  readonly eventMapping?: unknown;
  readonly foldRepeats?: FoldRepeats | null;
}

export type UpdateProvider = Partial<Omit<CreateProvider, 'slug' | 'issuer'>>;

@Injectable()
export class ProvidersService {
  constructor(
    @InjectRepository(Provider) private readonly repository: Repository<Provider>,
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    @InjectEventCatalogue() private readonly catalogue: EventCatalogue,
  ) {}

  /** Throws `conflict` when slug or issuer is taken, `invalid_request` for a wrong mapping. Joins the caller's transaction. */
  async create(manager: EntityManager, input: CreateProvider, actor: Actor): Promise<Provider> {
    const provider = manager.create(Provider, {
      id: uuidv7(),
      slug: input.slug,
      name: input.name,
      issuer: this.issuerOf(input),
      defaultSubjects: input.defaultSubjects ?? 'ALL',
      signingAlgorithm: input.signingAlgorithm ?? 'RS256',
      keyRotationDays: input.keyRotationDays ?? null,
      eventRetentionDays: input.eventRetentionDays ?? 30,
      specVersion: input.specVersion ?? '1_0',
      trustedIssuers: input.trustedIssuers ?? [],
      legacyDeliveryUris: input.legacyDeliveryUris ?? false,
      eventMapping: this.mappingOf(input) ?? {},
      foldRepeats: input.foldRepeats ?? null,
    });
    try {
      await manager.insert(Provider, provider);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new SsfError('conflict', 'slug or issuer: another provider has it', { cause: error });
    }
    const created = await manager.findOneByOrFail(Provider, { id: provider.id });
    await recordChange(manager, actor, {
      action: 'provider.created',
      providerId: created.id,
      after: auditedProvider.of(created),
    });
    return created;
  }

  list(request: PageRequest): Promise<Page<Provider>> {
    return pageById(this.repository, {}, request);
  }

  async get(id: string): Promise<Provider> {
    const provider = isUuid(id) ? await this.repository.findOneBy({ id }) : null;
    if (!provider) throw new SsfError('not_found', 'there is no such provider');
    return provider;
  }

  /** `slug` may be anything that stood in a path. */
  findBySlug(slug: string): Promise<Provider | null> {
    return isText(slug) ? this.repository.findOneBy({ slug }) : Promise.resolve(null);
  }

  async getBySlug(slug: string): Promise<Provider> {
    const provider = await this.findBySlug(slug);
    if (!provider) throw new SsfError('not_found', 'there is no such provider');
    return provider;
  }

  /**
   * The provider whose metadata stands at this path (SSF 1.0 section 7.2.1; RFC 9728 section 3.1). Issuers of
   * different hosts may share a path; then the requested host selects among the configured ones, and never makes
   * one up.
   */
  async findByMetadataPath(
    document: 'configurationUrl' | 'resourceMetadataUrl',
    path: string,
    host: string | undefined,
  ): Promise<Provider> {
    const urlOf = (provider: Provider): URL => new URL(this.urls(provider)[document]);
    const candidates = (await this.repository.find()).filter((provider) => urlOf(provider).pathname === path);
    const provider =
      candidates.length === 1
        ? candidates[0]
        : candidates.find((candidate) => urlOf(candidate).host === host);
    if (!provider) throw new SsfError('not_found', 'no issuer has its metadata here');
    return provider;
  }

  /** Joins the caller's transaction, which has called {@link touchConfiguration}. Throws as {@link create} for a mapping. */
  async update(manager: EntityManager, id: string, changes: UpdateProvider, actor: Actor): Promise<Provider> {
    const before = await manager.findOneByOrFail(Provider, { id });
    // TypeORM leaves out what is undefined
    await manager.update(Provider, { id }, { ...changes, eventMapping: this.mappingOf(changes) });
    const after = await manager.findOneByOrFail(Provider, { id });
    const difference = auditedProvider.difference(before, after);
    if (difference)
      await recordChange(manager, actor, { action: 'provider.updated', providerId: id, ...difference });
    return after;
  }

  /** As it is under its lock, which the transaction has ({@link touchConfiguration}). Throws `not_found`. */
  async existing(manager: EntityManager, id: string): Promise<Provider> {
    const provider = await manager.findOneBy(Provider, { id });
    if (!provider) throw new SsfError('not_found', 'there is no such provider');
    return provider;
  }

  /** Joins the caller's transaction; applications, keys and streams go with it, and `toll` says what. */
  async delete(manager: EntityManager, provider: Provider, toll: Shown, actor: Actor): Promise<void> {
    const { id } = provider;
    await manager.delete(Provider, { id });
    await manager.query('delete from ssf.signal_queue where provider_id = $1', [id]);
    await recordChange(manager, actor, {
      action: 'provider.deleted',
      providerId: id,
      before: auditedProvider.of(provider),
      after: toll,
    });
  }

  /**
   * To be called first in every transaction that changes what fan-out depends on: it counts the change and waits
   * for a fan-out that is under way, so that what the transaction then sees of the queue is all there is.
   */
  async touchConfiguration(manager: EntityManager, providerId: string): Promise<void> {
    await manager.query('update ssf.provider set config_version = config_version + 1 where id = $1', [
      providerId,
    ]);
  }

  urls(provider: Provider): ProviderUrls {
    return providerUrls(this.baseUrl, provider);
  }

  get baseUrl(): string {
    const prefix = this.config.routePrefix?.replace(/^\/+|\/+$/g, '');
    return prefix ? `${this.config.publicUrl}/${prefix}` : this.config.publicUrl;
  }

  /** The issuer of the built-in authorization server; undefined when it is off. */
  get authorizationServer(): string | undefined {
    return this.config.authorizationServer ? authorizationServerIssuer(this.baseUrl) : undefined;
  }

  private mappingOf({ eventMapping }: UpdateProvider): EventMapping | undefined {
    return eventMapping === undefined ? undefined : parseEventMapping(eventMapping, this.catalogue);
  }

  private issuerOf(input: CreateProvider): string {
    if (input.issuer === undefined) return `${this.baseUrl}/ssf/${input.slug}`;
    const issuer = parseIssuer(input.issuer, 'issuer', {
      allowHttpLoopback: isLoopbackHost(new URL(this.config.publicUrl).hostname),
    });
    const segments = new URL(issuer).pathname.split('/').filter((segment) => segment !== '');
    if (segments[0] === '.well-known' || segments.length > MAX_ISSUER_SEGMENTS)
      throw invalidRequest({
        member: 'issuer',
        message: `must have a path of at most ${MAX_ISSUER_SEGMENTS} segments, and not below /.well-known`,
      });
    return issuer;
  }
}
