import { Injectable } from '@nestjs/common';
import type { FannedSignal } from './fan-out-plan.js';

const MAX_KEPT = 2_000;

/**
 * The signals that this process recorded a moment ago: most are fanned out at once, and need not be read back. It is
 * memory only; what is not here is in the table.
 */
@Injectable()
export class RecentSignals {
  private readonly signals = new Map<string, FannedSignal>();

  put(signal: FannedSignal): void {
    const [oldest] = this.signals.keys();
    if (this.signals.size >= MAX_KEPT && oldest !== undefined) this.signals.delete(oldest);
    this.signals.set(signal.id, signal);
  }

  take(id: string): FannedSignal | undefined {
    const signal = this.signals.get(id);
    this.signals.delete(id);
    return signal;
  }
}
