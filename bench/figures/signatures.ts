import type { Figure } from '../figure.js';
import type { SignerCommands } from '../processes/signer.js';
import { Child } from '../support/child.js';
import { median, readable } from '../support/statistics.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** As large as the claims of a session-revoked SET. */
const CLAIMS = JSON.stringify({ jti: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10', padding: 'x'.repeat(550) });

/** Signing is most of the work of a push: how many streams a core can serve depends on it. */
export const signaturesFigure: Figure = {
  name: 'signatures',
  about: "signatures a second and core, by algorithm, with the transmitter's signer",
  run: async ({ resources, size, rounds, log }) => {
    const roundCount = rounds({ quick: 1, full: 5 });
    const milliseconds = size({ quick: 500, full: 2_000 });
    const measurements = [];
    for (const algorithm of ALGORITHMS) {
      const ours: number[] = [];
      const together: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < roundCount; round += 1)
        for (const signer of ['native', 'jose'] as const) {
          const child = Child.start<SignerCommands>(resources, 'signer');
          const rate = await child.call('sign', { algorithm, signer, claims: CLAIMS, milliseconds });
          log(`${algorithm}, ${signer}: ${Math.round(rate.perCore)} per second of CPU time`);
          (signer === 'native' ? ours : theirs).push(rate.perCore);
          if (signer === 'native') together.push(rate.perSecond);
        }
      measurements.push({
        what: `signatures per second of CPU time, ${algorithm}`,
        value: median(ours),
        unit: 'per s' as const,
        details: `jose ${readable(median(theirs))}/s; ${readable(median(together))}/s on the whole machine`,
      });
    }
    return measurements;
  },
};
