import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { SsfEventBus } from './ssf-event-bus.js';

/** The bus on an emitter of its own: a host's events and these do not meet. */
@Module({
  imports: [EventEmitterModule.forRoot({ global: false, maxListeners: 50 })],
  providers: [SsfEventBus],
  exports: [SsfEventBus],
})
export class EventsModule {}
