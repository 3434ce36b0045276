import { Module } from '@nestjs/common';
import { HeldSetsService } from './held-sets.service.js';
import { ExpiryService } from './expiry.service.js';
import { FailingQueuesService } from './failing-queues.service.js';
import { LeaseService } from './lease.service.js';
import { PollQueueService } from './poll-queue.service.js';
import { QueueService } from './queue.service.js';
import { RecentClaims } from './recent-claims.js';
import { RedeliveryQueueService } from './redelivery-queue.service.js';
import { SetPurgeService } from './set-purge.service.js';
import { SetHistoryService } from './set-history.service.js';

const SERVICES = [
  QueueService,
  ExpiryService,
  FailingQueuesService,
  LeaseService,
  PollQueueService,
  RedeliveryQueueService,
  SetHistoryService,
  SetPurgeService,
];

@Module({
  providers: [...SERVICES, HeldSetsService, RecentClaims],
  exports: SERVICES,
})
export class QueueModule {}
