import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SsfHealth } from '../platform/health/ssf-health.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { KeyHomes } from './key-homes.service.js';
import { VAULT_FAILURE_REASONS } from './vault-failure.js';

/**
 * Tells of a remote signer that does not sign, by the last signatures that were asked of it. The process is `degraded`
 * then and not `unavailable`: it records, serves, and sends what other keys sign, and another process would fare no better.
 */
@Injectable()
export class SignerHealth implements OnModuleInit {
  constructor(
    private readonly homes: KeyHomes,
    private readonly health: SsfHealth,
    private readonly metrics: SsfMetrics,
  ) {}

  onModuleInit(): void {
    this.health.watch(() => {
      const counts = [...this.homes.failingKeys().values()];
      const keys = counts.reduce((sum, count) => sum + count, 0);
      return keys > 0
        ? `the remote signer does not sign with ${keys} ${keys === 1 ? 'key' : 'keys'}, so their SETs wait`
        : undefined;
    });
    this.metrics.observe(
      {
        name: 'ssf_signing_keys_failing',
        help: 'Keys at the remote signer whose last signature failed, by what was wrong',
        labels: ['reason'],
      },
      () => {
        const counts = this.homes.failingKeys();
        return Promise.resolve(
          VAULT_FAILURE_REASONS.map((reason) => ({ labels: { reason }, value: counts.get(reason) ?? 0 })),
        );
      },
    );
  }
}
