import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '../../applications/applications.service.js';
import type { Actor } from '../../audit/actor.js';
import { invalidRequest, SsfError } from '../../core/errors.js';
import { RecoveriesService } from '../../delivery/recoveries.service.js';
import type { Recovery } from '../../delivery/recovery.entity.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { StreamsService } from '../../streams/streams.service.js';
import type { RecoverStreamDto, RedeliverSetsDto } from './dto/recovery.dto.js';
import { SubjectSearchService } from './subject-search.service.js';

/** The time after an outage in which whoever is on call may still send everything again. */
const LEAST_DAYS = 14;

/** What an administrator asks to be sent again, checked. */
@Injectable()
export class RecoveryRequestsService {
  constructor(
    private readonly recoveries: RecoveriesService,
    private readonly streams: StreamsService,
    private readonly applications: ApplicationsService,
    private readonly providers: ProvidersService,
    private readonly subjects: SubjectSearchService,
  ) {}

  /** Throws `not_found`, `conflict` for a stream that is disabled, `invalid_request` naming the member. */
  async recover(streamId: string, { from, to, statuses }: RecoverStreamDto, actor: Actor): Promise<Recovery> {
    const stream = await this.streams.get(streamId);
    if (stream.status === 'disabled')
      throw new SsfError('conflict', 'the stream is disabled: enable it first');
    const { eventRetentionDays } = await this.providers.get(stream.providerId);
    const maxDays = Math.max(eventRetentionDays, LEAST_DAYS);
    const filter = { streamId };
    return this.recoveries.request({ filter, from, maxDays, ...present({ to, statuses }) }, actor);
  }

  /** Throws `invalid_request` naming the member. */
  async redeliver(
    { status, subject, from, to, ...members }: RedeliverSetsDto,
    actor: Actor,
  ): Promise<Recovery> {
    const given = present({ status, subject, from, to, ...members });
    if (Object.keys(given).length === 0)
      throw new SsfError('invalid_request', 'name at least one member, such as streamId or status');
    await this.checkIds(members);
    const subjectHashes = await this.subjects.hashesOf(subject, members.providerId);
    const filter = present({ ...members, subjectHashes });
    return this.recoveries.request({ filter, ...present({ from, to, statuses: status && [status] }) }, actor);
  }

  private async checkIds({ providerId, applicationId, streamId }: RedeliverSetsDto): Promise<void> {
    const looks = {
      providerId: providerId !== undefined && this.providers.get(providerId),
      applicationId: applicationId !== undefined && this.applications.get(applicationId),
      streamId: streamId !== undefined && this.streams.get(streamId),
    };
    for (const [member, look] of Object.entries(looks))
      try {
        await look;
      } catch (error) {
        if (!(error instanceof SsfError) || error.code !== 'not_found') throw error;
        throw invalidRequest({ member, message: error.message });
      }
  }
}

/** Without the members that are undefined. */
function present<Members extends object>(members: Members): Partial<Members> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<Members>;
}
