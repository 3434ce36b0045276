import { Injectable } from '@nestjs/common';
import { attachClaims, detachClaims, kidOf } from '../core/set/detached-set.js';
import { LeaseService } from '../queue/lease.service.js';
import {
  type HandedOutSet,
  type HandOut,
  type NewSignature,
  PollQueueService,
  type PollVerdict,
  type QueuePlace,
} from '../queue/poll-queue.service.js';
import { VaultFailure } from '../signing-keys/vault-failure.js';
import { DeliveryReports } from './delivery-reports.js';
import { SetSigningService } from './set-signing.service.js';
import type { SetsAsk } from './waiting-poll.js';

/** How long a SET that was handed out is hidden from other polls. */
export const POLL_VISIBILITY_SECONDS = 30;
/** SETs that are handed out together: more would keep the polls waiting that come meanwhile. */
const MAX_SETS = 1_000;

/** What a poll gets of its stream. */
export interface Portion {
  /** false: the stream was deleted, or is pushed to from now on */
  readonly isPolled: boolean;
  /** signed, by jti, in the queue's order */
  readonly sets: Record<string, string>;
  readonly places: readonly QueuePlace[];
  readonly hasMore: boolean;
  /** it got nothing only because others got so much: to be asked again */
  readonly isCutOff: boolean;
}

interface ReadySet extends HandedOutSet {
  readonly streamId: string;
  readonly providerId: string;
  readonly claims: string;
}

/**
 * Takes SETs out of the queues for polls and signs them. Three statements for any number of streams, so that thousands
 * of polls that are woken at once do not ask one by one.
 */
@Injectable()
export class PollHandOutService {
  constructor(
    private readonly queue: PollQueueService,
    private readonly leases: LeaseService,
    private readonly signing: SetSigningService,
    private readonly reports: DeliveryReports,
  ) {}

  /** By stream; each stream is asked for once. */
  async handOut(asks: readonly SetsAsk[]): Promise<Map<string, Portion>> {
    const given = await this.queue.handOut(asks, {
      hiddenSeconds: POLL_VISIBILITY_SECONDS,
      limit: MAX_SETS,
    });
    const total = given.reduce((sum, { sets }) => sum + sets.length, 0);
    const claims = await this.leases.claims(given.flatMap(({ sets }) => sets.map(({ jti }) => jti)));
    const providers = new Map(asks.map(({ streamId, providerId }) => [streamId, providerId]));
    const ready = given.flatMap(({ streamId, sets }) =>
      sets.flatMap((set): ReadySet[] => {
        const body = claims.get(set.jti);
        if (set.isExpired || body === undefined) return [];
        return [{ ...set, streamId, providerId: providers.get(streamId) ?? '', claims: body }];
      }),
    );
    await this.dropLost(given, claims);
    const { signed, unsigned } = await this.sign(ready);
    const { before, from } = partedAt(given, unsigned);
    if (from.length > 0) await this.queue.giveBack(from);
    return new Map(
      given.map(({ streamId, isPolled, sets, hasMore }) => {
        const own = (before.get(streamId) ?? sets).filter(({ jti }) => signed.has(jti));
        const portion = {
          isPolled,
          sets: Object.fromEntries(own.map(({ jti }) => [jti, signed.get(jti) ?? ''])),
          places: own.map(({ seq }) => ({ streamId, seq })),
          hasMore: hasMore || before.has(streamId),
          isCutOff: sets.length === 0 && hasMore && total >= MAX_SETS,
        };
        return [streamId, portion];
      }),
    );
  }

  /** What reached nobody may be handed out again at once. */
  giveBack(places: readonly QueuePlace[]): Promise<void> {
    return this.queue.giveBack(places);
  }

  async end(streamId: string, verdicts: readonly PollVerdict[]): Promise<void> {
    const ended = await this.queue.settle(streamId, verdicts);
    this.reports.ended(streamId, ended);
  }

  /** What cannot be handed out any more leaves the queue with its reason. */
  private async dropLost(given: readonly HandOut[], claims: ReadonlyMap<string, string>): Promise<void> {
    for (const { streamId, sets } of given) {
      const lost = sets.filter(({ jti, isExpired }) => isExpired || !claims.has(jti));
      await this.end(
        streamId,
        lost.map(({ jti, isExpired }) => ({
          jti,
          outcome: 'dropped',
          err: isExpired ? 'expired' : 'claims_missing',
        })),
      );
    }
  }

  /**
   * By jti, the same bytes at every hand-out: ES256 and PS256 never give the same signature twice. Those are signed anew
   * whose key has left the JWK Set since, or is about to (SSF-F-14). A SET that was withdrawn meanwhile is left out, and
   * so is one that cannot be signed now.
   */
  private async sign(
    sets: readonly ReadySet[],
  ): Promise<{ signed: Map<string, string>; unsigned: Set<string> }> {
    const unsigned = new Set<string>();
    const made = await Promise.all(
      sets.map((set) =>
        this.newSignature(set).catch((error: unknown) => {
          if (!(error instanceof VaultFailure)) throw error;
          unsigned.add(set.jti);
          return undefined;
        }),
      ),
    );
    const kept = await this.queue.keepSignatures(made.flatMap((each) => each ?? []));
    const signed = new Map(
      sets.flatMap(({ jti, signature, claims }, index): [string, string][] => {
        if (unsigned.has(jti)) return [];
        const detached = made[index] ? kept.get(jti) : signature;
        return detached == null ? [] : [[jti, attachClaims(detached, claims)]];
      }),
    );
    return { signed, unsigned };
  }

  /** Undefined when the one that is kept is good. */
  private async newSignature(set: ReadySet): Promise<NewSignature | undefined> {
    const { streamId, providerId, seq, claims, signature: replaces } = set;
    if (replaces !== null && (await this.signing.isSendable(providerId, kidOf(replaces)))) return undefined;
    const { token } = await this.signing.sign(providerId, claims);
    return { streamId, seq, signature: detachClaims(token.toString('latin1')), replaces };
  }
}

/** Of streams with a SET that could not be signed: what comes before it, and the rest, which waits for it in its order. */
function partedAt(
  given: readonly HandOut[],
  unsigned: ReadonlySet<string>,
): { before: Map<string, readonly HandedOutSet[]>; from: QueuePlace[] } {
  const before = new Map<string, readonly HandedOutSet[]>();
  const from: QueuePlace[] = [];
  for (const { streamId, sets } of unsigned.size > 0 ? given : []) {
    const at = sets.findIndex(({ jti }) => unsigned.has(jti));
    if (at < 0) continue;
    before.set(streamId, sets.slice(0, at));
    from.push(...sets.slice(at).map(({ seq }) => ({ streamId, seq })));
  }
  return { before, from };
}
