import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import type { Shown } from '../audit/audited.js';
import { recordChange, recordChanges } from '../audit/record-change.js';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import { PAIRWISE_FORMATS } from '../core/subjects/pairwise-subjects.js';
import type { SubjectFormat } from '../core/subjects/signal-subject.js';
import { normaliseDeliveryMethod, type DeliveryMethod } from '../core/streams/delivery-method.js';
import { isUniqueViolation } from '../platform/database/unique-violation.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { type IfMatch, requireMatch } from '../platform/http/entity-tag.js';
import { isUuid, type Page, type PageRequest } from '../platform/paging/page.js';
import { pageById } from '../platform/paging/page-by-id.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { ProvidersService } from '../providers/providers.service.js';
import type { Provider } from '../providers/provider.entity.js';
import { Application } from './application.entity.js';
import { auditedApplication, deletionOf, scopeOf } from './audited-application.js';
import { PairwiseSecretsService } from './pairwise-secrets.service.js';

export interface ApplicationSettings {
  readonly slug: string;
  readonly name: string;
  readonly audience?: string | string[];
  readonly subjectFormat?: SubjectFormat;
  readonly pairwiseSubjects?: boolean;
  readonly allowedEvents?: string[] | null;
  /** `push`, `poll` or their URIs */
  readonly allowedDeliveryMethods?: string[] | null;
  readonly pushUrlAllowList?: string[] | null;
  readonly allowedGroups?: string[] | null;
  readonly allowedTenants?: string[] | null;
  readonly clientId?: string | null;
  readonly autoSubscribe?: boolean;
  readonly verifyOnCreate?: boolean;
  readonly legacyProfile?: boolean;
  readonly maxStreams?: number;
  readonly inactivityTimeoutSeconds?: number | null;
}

export type CreateApplication = ApplicationSettings & { readonly providerId: string };
export type UpdateApplication = Partial<Omit<ApplicationSettings, 'slug'>>;

const DEFAULT_MAX_STREAMS = 20;

@Injectable()
export class ApplicationsService {
  constructor(
    @InjectRepository(Application) private readonly repository: Repository<Application>,
    private readonly providers: ProvidersService,
    private readonly unitOfWork: UnitOfWork,
    private readonly pairwise: PairwiseSecretsService,
    @InjectEventCatalogue() private readonly catalogue: EventCatalogue,
  ) {}

  /**
   * Throws `invalid_request` for an unknown provider or event type and for a subject format that cannot be pairwise,
   * `conflict` for a slug that is taken.
   */
  async create(input: CreateApplication, actor: Actor): Promise<Application> {
    const provider = await this.providerOf(input.providerId);
    const id = uuidv7();
    const pairwiseSubjects = input.pairwiseSubjects ?? false;
    const application = this.repository.create({
      id,
      providerId: provider.id,
      slug: input.slug,
      name: input.name,
      audience: audienceList(input.audience) ?? [defaultAudience(provider, input.slug)],
      subjectFormat: input.subjectFormat ?? 'iss_sub',
      pairwiseSubjects,
      pairwiseSecret: pairwiseSubjects ? this.pairwise.create(id) : null,
      allowedEvents: this.knownEvents(input.allowedEvents) ?? null,
      allowedDeliveryMethods: deliveryMethods(input.allowedDeliveryMethods) ?? null,
      pushUrlAllowList: input.pushUrlAllowList ?? null,
      allowedGroups: input.allowedGroups ?? null,
      allowedTenants: input.allowedTenants ?? null,
      clientId: input.clientId ?? null,
      autoSubscribe: input.autoSubscribe ?? false,
      verifyOnCreate: input.verifyOnCreate ?? true,
      legacyProfile: input.legacyProfile ?? false,
      maxStreams: input.maxStreams ?? DEFAULT_MAX_STREAMS,
      inactivityTimeoutSeconds: input.inactivityTimeoutSeconds ?? null,
    });
    requirePairwiseFormat(application, 'subjectFormat');
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, provider.id);
      await taken(manager.insert(Application, application));
      const created = await manager.findOneByOrFail(Application, { id: application.id });
      await recordChange(manager, actor, {
        action: 'application.created',
        ...scopeOf(created),
        after: auditedApplication.of(created),
      });
      return created;
    });
  }

  list(request: PageRequest & { readonly providerId?: string }): Promise<Page<Application>> {
    const { providerId } = request;
    return pageById(this.repository, providerId ? { providerId } : {}, request);
  }

  /** None or one. */
  find(id: string): Promise<Application[]> {
    return isUuid(id) ? this.repository.findBy({ id }) : Promise.resolve([]);
  }

  async get(id: string): Promise<Application> {
    const [application] = await this.find(id);
    if (!application) throw new SsfError('not_found', 'there is no such application');
    return application;
  }

  /**
   * What an application with pairwise subjects knows a user by, which is for the ID tokens of the identity provider to
   * say, too. Throws `not_found` for any other application.
   */
  async pairwiseSubject(id: string, userId: string): Promise<{ iss: string; sub: string }> {
    const application = await this.get(id);
    const subjects = (await this.pairwise.of([application])).get(id);
    if (!subjects) throw new SsfError('not_found', 'the application has no pairwise subjects');
    const { issuer } = await this.providers.get(application.providerId);
    return { iss: issuer, sub: subjects.sub(userId) };
  }

  getMany(ids: readonly string[]): Promise<Application[]> {
    return this.repository.findBy({ id: In(ids) });
  }

  /** Throws `precondition_failed` when it is not what `ifMatch` names. */
  async update(
    id: string,
    changes: UpdateApplication,
    actor: Actor,
    ifMatch?: IfMatch,
  ): Promise<Application> {
    const { providerId } = await this.get(id);
    const { audience, allowedEvents, allowedDeliveryMethods, ...plain } = changes;
    const columns: Partial<Application> = { ...plain };
    const audiences = audienceList(audience);
    if (audiences) columns.audience = audiences;
    if (allowedEvents !== undefined) columns.allowedEvents = this.knownEvents(allowedEvents) ?? null;
    if (allowedDeliveryMethods !== undefined)
      columns.allowedDeliveryMethods = deliveryMethods(allowedDeliveryMethods) ?? null;
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      const before = await this.existing(manager, id);
      requireMatch(before, ifMatch);
      requirePairwiseFormat(
        {
          pairwiseSubjects: changes.pairwiseSubjects ?? before.pairwiseSubjects,
          subjectFormat: changes.subjectFormat ?? before.subjectFormat,
        },
        changes.subjectFormat === undefined ? 'pairwiseSubjects' : 'subjectFormat',
      );
      if (changes.pairwiseSubjects) await this.pairwise.ensure(manager, id);
      if (Object.keys(columns).length > 0) await taken(manager.update(Application, { id }, columns));
      const after = await manager.findOneByOrFail(Application, { id });
      const difference = auditedApplication.difference(before, after);
      if (difference)
        await recordChange(manager, actor, {
          action: 'application.updated',
          ...scopeOf(after),
          ...difference,
        });
      return after;
    });
  }

  /** As it is under the lock of its provider, which the transaction has. Throws `not_found`. */
  async existing(manager: EntityManager, id: string): Promise<Application> {
    const application = await manager.findOneBy(Application, { id });
    if (!application) throw new SsfError('not_found', 'there is no such application');
    return application;
  }

  /** Those of a provider, likewise. */
  existingOf(manager: EntityManager, providerId: string): Promise<Application[]> {
    return manager.findBy(Application, { providerId });
  }

  /** Joins the caller's transaction; tokens and streams go with them. `toll` is what goes with each. */
  async delete(
    manager: EntityManager,
    applications: readonly Application[],
    toll: (application: Application) => Shown,
    actor: Actor,
  ): Promise<void> {
    await manager.delete(Application, { id: In(applications.map(({ id }) => id)) });
    await recordChanges(
      manager,
      actor,
      applications.map((application) => deletionOf(application, toll(application))),
    );
  }

  /** The event types that this application's streams may have (SSF 1.0 section 8.1.1, `events_supported`). */
  supportedEvents(application: Application): string[] {
    const offered = this.catalogue.offered();
    const allowed = application.allowedEvents;
    return allowed ? offered.filter((uri) => allowed.includes(uri)) : offered;
  }

  private async providerOf(id: string): Promise<Provider> {
    try {
      return await this.providers.get(id);
    } catch (error) {
      if (error instanceof SsfError && error.code === 'not_found')
        throw invalidRequest({ member: 'providerId', message: 'there is no such provider' });
      throw error;
    }
  }

  private knownEvents(uris: readonly string[] | null | undefined): string[] | undefined {
    if (!uris) return undefined;
    const offered = this.catalogue.offered();
    const problems = uris.flatMap((uri, index) =>
      offered.includes(uri)
        ? []
        : [{ member: `allowedEvents[${index}]`, message: 'is not a known event type' }],
    );
    if (problems.length > 0) throw invalidRequest(...problems);
    return [...new Set(uris)];
  }
}

/** What others know a user by must not go out under a promise that says otherwise. */
function requirePairwiseFormat(
  { pairwiseSubjects, subjectFormat }: Pick<Application, 'pairwiseSubjects' | 'subjectFormat'>,
  member: 'pairwiseSubjects' | 'subjectFormat',
): void {
  if (pairwiseSubjects && !PAIRWISE_FORMATS.includes(subjectFormat))
    throw invalidRequest({
      member,
      message: `${subjectFormat} names users to all applications alike; pairwise subjects need one of ${PAIRWISE_FORMATS.join(', ')}`,
    });
}

async function taken(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new SsfError('conflict', 'slug or clientId: another application of this provider has it', {
      cause: error,
    });
  }
}

function audienceList(audience: string | string[] | undefined): string[] | undefined {
  if (audience === undefined) return undefined;
  return typeof audience === 'string' ? [audience] : audience;
}

function defaultAudience(provider: Provider, slug: string): string {
  return `${provider.issuer.replace(/\/$/, '')}/applications/${slug}`;
}

function deliveryMethods(methods: readonly string[] | null | undefined): DeliveryMethod[] | undefined {
  return methods?.map((method, index) => {
    if (method === 'push' || method === 'poll') return method;
    const known = normaliseDeliveryMethod(method, { legacy: true });
    if (known) return known;
    throw invalidRequest({
      member: `allowedDeliveryMethods[${index}]`,
      message: 'is not a known delivery method',
    });
  });
}
