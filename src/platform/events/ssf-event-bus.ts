import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { inNoTrace } from '../tracing/contexts.js';
import type { SsfEventMap, SsfEventName } from './ssf-event-map.js';

/**
 * The typed face of the module's own EventEmitter2. Emit only after commit; a listener only wakes a loop, counts
 * or informs. With every listener removed all is still delivered, only later (docs/adr/0002-rows-are-truth.md).
 */
@Injectable()
export class SsfEventBus {
  private readonly logger = new Logger(SsfEventBus.name);

  constructor(private readonly emitter: EventEmitter2) {}

  emit<Name extends SsfEventName>(name: Name, payload: SsfEventMap[Name]): void {
    inNoTrace(() => this.emitter.emit(name, payload));
  }

  /** Returns the function that ends the subscription. A listener that throws is logged and disturbs nobody. */
  on<Name extends SsfEventName>(name: Name, listener: (payload: SsfEventMap[Name]) => void): () => void {
    const guarded = (payload: SsfEventMap[Name]): void => {
      try {
        listener(payload);
      } catch (error) {
        this.logger.error({ err: error, event: name }, 'listener failed');
      }
    };
    this.emitter.on(name, guarded);
    return () => this.emitter.off(name, guarded);
  }
}
