import { Module } from '@nestjs/common';
import { LeaseService } from './lease.service.js';
import { PollQueueService } from './poll-queue.service.js';
import { QueueService } from './queue.service.js';
import { RecentClaims } from './recent-claims.js';
import { RedeliveryQueueService } from './redelivery-queue.service.js';
import { SetHistoryService } from './set-history.service.js';

const SERVICES = [QueueService, LeaseService, PollQueueService, RedeliveryQueueService, SetHistoryService];

@Module({
  providers: [...SERVICES, RecentClaims],
  exports: SERVICES,
})
export class QueueModule {}
