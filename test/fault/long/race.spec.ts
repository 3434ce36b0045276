import { it } from 'vitest';
import { raceOverQueues } from '../../support/queue-race.js';

it('whoever works on the queues at once, for long, each SET comes to one end, and nobody is in anybody’s way', () =>
  raceOverQueues({ seconds: 40 }));
