import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HOST_EVENTS } from '../platform/config/port.tokens.js';
import type { HostEvents } from '../platform/config/ports.js';
import { SignalsService } from './signals.service.js';

/**
 * Records events of the host's own emitter as signals. The host emits with `await emitter.emitAsync(...)`, which
 * rejects when the signal could not be recorded. With plain `emit` nobody waits: a failure is then only logged,
 * since nothing else can be done with it.
 */
@Injectable()
export class HostEventsListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HostEventsListener.name);
  private readonly listeners: (readonly [string, (...values: unknown[]) => unknown])[] = [];

  constructor(
    @Inject(HOST_EVENTS) private readonly hostEvents: HostEvents | undefined,
    private readonly signals: SignalsService,
  ) {}

  onApplicationBootstrap(): void {
    for (const [event, toSignals] of Object.entries(this.hostEvents?.map ?? {})) {
      const listener = (...values: unknown[]): Promise<void> => {
        const recorded = this.record(toSignals, values);
        recorded.catch((error: unknown) =>
          this.logger.error({ err: error, event }, 'an event of the host could not be recorded'),
        );
        return recorded;
      };
      this.hostEvents?.emitter.on(event, listener);
      this.listeners.push([event, listener]);
    }
  }

  onApplicationShutdown(): void {
    for (const [event, listener] of this.listeners) this.hostEvents?.emitter.off(event, listener);
  }

  private async record(toSignals: (...values: unknown[]) => unknown, values: unknown[]): Promise<void> {
    const signals = await toSignals(...values);
    if (signals !== undefined) await this.signals.recordUnparsed(signals);
  }
}
