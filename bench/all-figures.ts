import type { Figure } from './figure.js';
import { ballastFigure } from './figures/ballast.js';
import { deadReceiverFigure } from './figures/dead-receiver.js';
import { hangingReceiversFigure } from './figures/hanging-receivers.js';
import { idleFigure } from './figures/idle.js';
import { jobQueueFigures } from './figures/job-queues.js';
import { latencyFigure } from './figures/latency.js';
import { longPollsFigure } from './figures/long-polls.js';
import { memoryFigure } from './figures/memory.js';
import { recordingFigure } from './figures/recording.js';
import { signaturesFigure } from './figures/signatures.js';
import { statementsFigure } from './figures/statements.js';
import { subjectsFigure } from './figures/subjects.js';
import { throughputFigures } from './figures/throughput.js';

/** In the order in which they run. */
export const ALL_FIGURES: readonly Figure[] = [
  ...throughputFigures,
  ...jobQueueFigures,
  statementsFigure,
  latencyFigure,
  ballastFigure,
  hangingReceiversFigure,
  deadReceiverFigure,
  recordingFigure,
  subjectsFigure,
  idleFigure,
  memoryFigure,
  longPollsFigure,
  signaturesFigure,
];
