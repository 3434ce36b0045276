import { Module } from '@nestjs/common';
import { AuditRetentionService } from './audit-retention.service.js';
import { DayDropService } from './day-drop.service.js';
import { HistoryService } from './history.service.js';
import { RetentionLoop } from './retention.loop.js';
import { RetentionService } from './retention.service.js';

@Module({
  providers: [HistoryService, DayDropService, RetentionService, AuditRetentionService, RetentionLoop],
  exports: [RetentionService],
})
export class RetentionModule {}
