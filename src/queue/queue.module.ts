import { Module } from '@nestjs/common';
import { LeaseService } from './lease.service.js';
import { PollQueueService } from './poll-queue.service.js';
import { QueueService } from './queue.service.js';
import { RecentClaims } from './recent-claims.js';
import { SetHistoryService } from './set-history.service.js';

@Module({
  providers: [QueueService, LeaseService, PollQueueService, RecentClaims, SetHistoryService],
  exports: [QueueService, LeaseService, PollQueueService, SetHistoryService],
})
export class QueueModule {}
