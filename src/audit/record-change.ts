import type { EntityManager } from 'typeorm';
import { APPEND_SQL } from './audit.sql.js';
import type { Actor } from './actor.js';
import type { AuditAction } from './audit-action.js';
import type { Shown } from './audited.js';

export interface Change {
  readonly action: AuditAction;
  readonly providerId?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly streamId?: string | undefined;
  /** what it is about, when that is none of these: a token's id, a key's kid, the digest of a subject */
  readonly targetId?: string | undefined;
  /** what there was, or what of it has changed; never a secret (audited.ts) */
  readonly before?: Shown | undefined;
  readonly after?: Shown | undefined;
}

/**
 * Writes changes into the audit log, in the transaction that makes them: there is no change without its entry, and no
 * entry without its change. Throws when `manager` is in no transaction, which is a defect.
 */
export async function recordChanges(
  manager: EntityManager,
  actor: Actor,
  changes: readonly Change[],
): Promise<void> {
  if (!manager.queryRunner?.isTransactionActive)
    throw new Error('an audit entry belongs into the transaction of its change');
  if (changes.length === 0) return;
  await manager.query(APPEND_SQL, [
    actor.kind,
    actor.id ?? null,
    actor.name ?? null,
    actor.address ?? null,
    actor.requestId ?? null,
    JSON.stringify(changes),
  ]);
}

export function recordChange(manager: EntityManager, actor: Actor, change: Change): Promise<void> {
  return recordChanges(manager, actor, [change]);
}
