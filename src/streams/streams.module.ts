import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { AutoSubscriptionsService } from './auto-subscriptions.service.js';
import { InactiveStreamsService } from './inactive-streams.service.js';
import { FailingStreamsService } from './failing-streams.service.js';
import { OwnerDeletionService } from './owner-deletion.service.js';
import { PushTargetsService } from './push-targets.service.js';
import { Stream } from './stream.entity.js';
import { StreamActivityService } from './stream-activity.service.js';
import { StreamDeliveryService } from './stream-delivery.service.js';
import { StreamEventsService } from './stream-events.service.js';
import { StreamGaugesService } from './stream-gauges.service.js';
import { StreamLimitsService } from './stream-limits.service.js';
import { StreamSetsService } from './stream-sets.service.js';
import { StreamStatusService } from './stream-status.service.js';
import { StreamSubjectsService } from './stream-subjects.service.js';
import { StreamUpdateService } from './stream-update.service.js';
import { StreamVerificationService } from './stream-verification.service.js';
import { StreamsService } from './streams.service.js';

@Module({
  imports: [ProvidersModule, ApplicationsModule, QueueModule],
  providers: [
    StreamsService,
    AutoSubscriptionsService,
    StreamActivityService,
    StreamDeliveryService,
    StreamEventsService,
    StreamGaugesService,
    StreamLimitsService,
    StreamSetsService,
    StreamStatusService,
    StreamSubjectsService,
    StreamUpdateService,
    StreamVerificationService,
    PushTargetsService,
    OwnerDeletionService,
    InactiveStreamsService,
    FailingStreamsService,
    repositoryProvider(Stream),
  ],
  exports: [
    StreamsService,
    AutoSubscriptionsService,
    StreamActivityService,
    StreamEventsService,
    StreamStatusService,
    StreamSubjectsService,
    StreamUpdateService,
    StreamVerificationService,
    PushTargetsService,
    OwnerDeletionService,
    FailingStreamsService,
  ],
})
export class StreamsModule {}
