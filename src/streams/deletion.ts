import type { EntityManager, FindOptionsWhere } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { SsfError } from '../core/errors.js';
import type { IfMatch } from '../platform/http/entity-tag.js';
import { Stream } from './stream.entity.js';

/** On whose behalf something is deleted, and whether SETs that wait may go with it. */
export interface DeletionRequest {
  readonly actor: Actor;
  /** without it, SETs of signals that still wait are in the way */
  readonly force: boolean;
  /** what is to be deleted as it was read; undefined: as it is */
  readonly ifMatch?: IfMatch | undefined;
}

/** What would go with something that is deleted. */
export interface Deletion {
  readonly applications: number;
  readonly streams: number;
  /** SETs of signals that wait, counted to {@link MOST_COUNTED} */
  readonly pendingSets: number;
  /** of a provider: signals whose SETs are not made yet, counted likewise */
  readonly waitingSignals: number;
}

/** Counting is for a person, who waits for it, as does fan-out meanwhile. */
export const MOST_COUNTED = 10_000;

/** Whether something would be lost that a receiver has yet to get. */
export function needsForce({ streams, pendingSets, waitingSignals }: Deletion): boolean {
  return pendingSets > 0 || (streams > 0 && waitingSignals > 0);
}

/** Throws `has_pending_sets`, which says how many. */
export function requireForce(deletion: Deletion): void {
  if (!needsForce(deletion)) return;
  const { applications, streams, pendingSets, waitingSignals } = deletion;
  const going = [
    ...(applications > 0 ? [counted(applications, 'application')] : []),
    counted(streams, 'stream'),
    ...(pendingSets > 0 ? [counted(pendingSets, 'SET')] : []),
    ...(waitingSignals > 0 ? [counted(waitingSignals, 'signal')] : []),
  ];
  throw new SsfError(
    'has_pending_sets',
    `not everything that was signalled is delivered: ${going.join(', ')} would go with it. ` +
      'Wait until it is, or repeat the request with ?force=true',
    { extension: { deletion } },
  );
}

function counted(count: number, what: string): string {
  const number = count >= MOST_COUNTED ? `${MOST_COUNTED} or more` : String(count);
  return `${number} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * Streams that are about to go, in the order in which everybody locks them. Nothing is queued for them any more: whoever
 * sends a SET again holds its stream, too, and fan-out waits for the provider.
 */
export function lockedStreams(manager: EntityManager, where: FindOptionsWhere<Stream>): Promise<Stream[]> {
  return manager.find(Stream, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
}
