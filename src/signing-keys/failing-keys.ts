import type { VaultFailureReason } from './vault-failure.js';

/** So long a failure says something about now: what waits is tried every second, by polls when somebody polls. */
const TELLING_MS = 300_000;

interface Failure {
  readonly reason: VaultFailureReason;
  /** by performance.now(), as all times here */
  readonly at: number;
}

/** Keys whose last signature failed a short while ago. Nobody asks the vault for the sake of this. */
export class FailingKeys {
  private readonly failures = new Map<string, Failure>();

  failed(kid: string, failure: Failure): void {
    this.failures.set(kid, failure);
  }

  /** One that was under way when another failed says nothing about now. */
  signed(kid: string, begunAt: number): void {
    const failure = this.failures.get(kid);
    if (failure && failure.at <= begunAt) this.failures.delete(kid);
  }

  /** How many, by what was wrong. One that nobody has tried for five minutes has no SET that waits, or is not used any more. */
  count(now: number): Map<VaultFailureReason, number> {
    const counts = new Map<VaultFailureReason, number>();
    for (const [kid, { reason, at }] of this.failures)
      if (now - at > TELLING_MS) this.failures.delete(kid);
      else counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return counts;
  }
}
