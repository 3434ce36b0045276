import { audited } from '../audit/audited.js';
import type { Change } from '../audit/record-change.js';
import type { SigningKey } from './signing-key.entity.js';

export const auditedKey = audited<SigningKey>('kid', 'algorithm', 'status', 'changesAt', 'remoteKeyId');

/** What makes these keys of a provider of those. */
export function keyChanges(
  providerId: string,
  before: readonly SigningKey[],
  after: readonly SigningKey[],
): Change[] {
  const about = ({ kid }: SigningKey): Pick<Change, 'providerId' | 'targetId'> => ({
    providerId,
    targetId: kid,
  });
  const gone = before.filter(({ id }) => !after.some((key) => key.id === id));
  return [
    ...gone.map((key): Change => ({
      action: 'signing_key.deleted',
      ...about(key),
      before: auditedKey.of(key),
    })),
    ...after.flatMap((key): Change[] => {
      const old = before.find(({ id }) => id === key.id);
      if (!old) return [{ action: 'signing_key.created', ...about(key), after: auditedKey.of(key) }];
      const difference = auditedKey.difference(old, key);
      return difference ? [{ action: 'signing_key.status_changed', ...about(key), ...difference }] : [];
    }),
  ];
}
