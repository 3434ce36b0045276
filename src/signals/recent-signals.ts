import { Injectable } from '@nestjs/common';
import { RecentCache } from '../platform/recent-cache.js';
import type { SignalRow } from './signal-row.js';

const MAX_KEPT = 4_000;

/**
 * The signals that this process recorded a moment ago, by id: most are fanned out at once, and need not be read back.
 * It is memory only; what is not here is in the table.
 */
@Injectable()
export class RecentSignals extends RecentCache<SignalRow> {
  constructor() {
    super(MAX_KEPT);
  }
}
