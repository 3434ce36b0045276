import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SIGNAL_TYPES, type SignalType, validateSignalDetails } from '../core/events/signal-types.js';

/**
 * Schemas are compiled at their first use, which takes milliseconds each: done here one by one between other work,
 * so that the first signal of a type is as fast as the next.
 */
@Injectable()
export class ValidatorWarmUp implements OnApplicationBootstrap {
  onApplicationBootstrap(): void {
    this.warmUp(Object.keys(SIGNAL_TYPES) as SignalType[]);
  }

  private warmUp([type, ...rest]: readonly SignalType[]): void {
    if (type === undefined) return;
    setImmediate(() => {
      validateSignalDetails(type, {});
      this.warmUp(rest);
    }).unref();
  }
}
