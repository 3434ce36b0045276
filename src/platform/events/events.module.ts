import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { SsfEventBus } from './ssf-event-bus.js';

/**
 * The bus on an emitter of its own: what a host emits is not heard here. A host's `@OnEvent` handlers do hear the
 * bus, since @nestjs/event-emitter attaches every handler of the application to every emitter.
 */
@Module({
  imports: [EventEmitterModule.forRoot({ global: false, maxListeners: 50 })],
  providers: [SsfEventBus],
  exports: [SsfEventBus],
})
export class EventsModule {}
