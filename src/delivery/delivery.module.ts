import { Module } from '@nestjs/common';
import { repositoryProvider } from '../platform/database/repository-provider.js';
import { QueueModule } from '../queue/queue.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { DeliveryEngine } from './delivery-engine.js';
import { DeliveryReports } from './delivery-reports.js';
import { DeliveryService } from './delivery.service.js';
import { LeaseKeeper } from './lease-keeper.js';
import { PollHandOutService } from './poll-hand-out.service.js';
import { PollRounds } from './poll-rounds.js';
import { Housekeeping } from './housekeeping.js';
import { PollService } from './poll.service.js';
import { PushService } from './push.service.js';
import { RecoveriesService } from './recoveries.service.js';
import { Recovery } from './recovery.entity.js';
import { RecoveryLoop } from './recovery.loop.js';
import { RecoveryWorkerService } from './recovery-worker.service.js';
import { RedeliveryService } from './redelivery.service.js';
import { SetSigningService } from './set-signing.service.js';
import { SetTracesService } from './set-traces.service.js';
import { SignedSets } from './signed-sets.js';

@Module({
  imports: [QueueModule, SigningKeysModule, StreamsModule],
  providers: [
    DeliveryService,
    DeliveryEngine,
    DeliveryReports,
    LeaseKeeper,
    Housekeeping,
    PushService,
    PollService,
    PollHandOutService,
    PollRounds,
    SetSigningService,
    SetTracesService,
    SignedSets,
    RedeliveryService,
    RecoveriesService,
    RecoveryWorkerService,
    RecoveryLoop,
    repositoryProvider(Recovery),
  ],
  exports: [PollService, RedeliveryService, RecoveriesService],
})
export class DeliveryModule {}
