import type { Figure } from './figure.js';
import { jobQueueFigures } from './figures/job-queues.js';
import { throughputFigures } from './figures/throughput.js';

/** In the order in which they run. */
export const ALL_FIGURES: readonly Figure[] = [...throughputFigures, ...jobQueueFigures];
