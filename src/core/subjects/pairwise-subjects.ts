import { createHmac } from 'node:crypto';
import type { SignalSubject, SubjectFormat } from './signal-subject.js';

/** The subject formats that can name a user to one application alone: the others say what everybody knows a user by. */
export const PAIRWISE_FORMATS: readonly SubjectFormat[] = ['iss_sub', 'opaque', 'aliases', 'complex'];

/**
 * What one application is told in place of identifiers that others would be told, too (OpenID Connect Core 1.0 section
 * 8.1, with a keyed hash): always the same for it, nothing that another application could compare with its own, and
 * nothing that leads back without the secret.
 */
export interface PairwiseSubjects {
  /** The `sub` of a user. */
  sub(userId: string): string;
  /**
   * The subject as the application may know it. Users and devices have names of its own: a device is as good as its
   * user. Sessions, tenants and the others stay as they are, or the application could do nothing with them.
   *
   * @returns undefined when it is named by nothing that a name can be made of: by a `subId`, or a user without an `id`.
   *   Leaving out the user instead would make an event about one session of a tenant of it all.
   */
  subject(subject: SignalSubject): SignalSubject | undefined;
  /** RFC 8417 section 6: one `txn` at several receivers would link what each of them is told. */
  txn(txn: string): string;
}

/** @param secret of the application; whoever has it can tell its users from their ids */
export function pairwiseSubjects(secret: string, applicationId: string): PairwiseSubjects {
  const derive = (kind: 'user' | 'device' | 'txn', value: string): string =>
    createHmac('sha256', secret)
      // as JSON, so that no two of them read the same
      .update(JSON.stringify([kind, applicationId, value]))
      .digest('base64url');
  return {
    sub: (userId) => derive('user', userId),
    subject: ({ user, device, subId, ...others }) =>
      subId || (user && user.id === undefined)
        ? undefined
        : {
            ...others,
            ...(user?.id !== undefined && { user: { id: derive('user', user.id) } }),
            ...(device && { device: { id: derive('device', device.id) } }),
          },
    txn: (txn) => derive('txn', txn),
  };
}
