import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { FanOutLoop } from './fan-out.loop.js';
import { FanOutAccessService } from './fan-out-access.service.js';
import { FanOutDeciderService } from './fan-out-decider.service.js';
import { FanOutPlansService } from './fan-out-plans.service.js';
import { FanOutSubjectsService } from './fan-out-subjects.service.js';
import { FanOutService } from './fan-out.service.js';
import { FoldingService } from './folding.service.js';
import { HostEventsListener } from './host-events.listener.js';
import { OptOutsService } from './opt-outs.service.js';
import { PayloadExpungeLoop } from './payload-expunge.loop.js';
import { PayloadExpungeService } from './payload-expunge.service.js';
import { RecentSignals } from './recent-signals.js';
import { SignalHistoryService } from './signal-history.service.js';
import { SignalImportService } from './signal-import.service.js';
import { SignalPreviewService } from './signal-preview.service.js';
import { SignalsService } from './signals.service.js';
import { SignalSource } from './sources/signal-source.entity.js';
import { SignalSourcesService } from './sources/signal-sources.service.js';
import { SourceEventsService } from './sources/source-events.service.js';
import { StoredSignalsService } from './stored-signals.service.js';
import { SubjectPurgeService } from './subject-purge.service.js';
import { ValidatorWarmUp } from './validator-warm-up.js';

@Module({
  imports: [ProvidersModule, ApplicationsModule, StreamsModule, QueueModule],
  providers: [
    SignalsService,
    SignalHistoryService,
    SignalPreviewService,
    FanOutService,
    FanOutPlansService,
    FanOutSubjectsService,
    FanOutAccessService,
    OptOutsService,
    FoldingService,
    FanOutDeciderService,
    FanOutLoop,
    HostEventsListener,
    RecentSignals,
    StoredSignalsService,
    ValidatorWarmUp,
    SignalSourcesService,
    SourceEventsService,
    SignalImportService,
    SubjectPurgeService,
    PayloadExpungeService,
    PayloadExpungeLoop,
    repositoryProvider(SignalSource),
  ],
  exports: [
    SignalsService,
    SignalHistoryService,
    SignalPreviewService,
    SignalSourcesService,
    SourceEventsService,
    SignalImportService,
    SubjectPurgeService,
    PayloadExpungeService,
  ],
})
export class SignalsModule {}
