/** No answer came; a status that means no; an answer that is wrong; or the host's own vault threw. */
export const VAULT_FAILURE_REASONS = ['unreachable', 'refused', 'invalid', 'failed'] as const;
export type VaultFailureReason = (typeof VAULT_FAILURE_REASONS)[number];

/**
 * The vault of a key (a remote signer, a KMS) did not do its part, so that there is no signature now. That is nobody's
 * fault who receives: what was to be signed waits. The message is for people, and holds nothing that the vault sent.
 */
export class VaultFailure extends Error {
  constructor(
    readonly reason: VaultFailureReason,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'VaultFailure';
  }
}
