import { Module } from '@nestjs/common';
import { LeaseService } from './lease.service.js';
import { QueueService } from './queue.service.js';
import { SetHistoryService } from './set-history.service.js';

@Module({
  providers: [QueueService, LeaseService, SetHistoryService],
  exports: [QueueService, LeaseService, SetHistoryService],
})
export class QueueModule {}
