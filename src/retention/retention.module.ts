import { Module } from '@nestjs/common';
import { DayDropService } from './day-drop.service.js';
import { HistoryService } from './history.service.js';
import { RetentionLoop } from './retention.loop.js';
import { RetentionService } from './retention.service.js';

@Module({
  providers: [HistoryService, DayDropService, RetentionService, RetentionLoop],
  exports: [RetentionService],
})
export class RetentionModule {}
