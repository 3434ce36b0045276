import type { FannedSignal } from './fan-out-plan.js';
import type { NewSignal } from './signal.js';

export interface SignalRow extends NewSignal {
  readonly id: string;
  readonly txn: string;
  /** of the span that records it */
  readonly traceparent?: string | undefined;
}

/** As it will be read back: without what JSON does not hold. */
export function asStored(row: SignalRow): FannedSignal {
  const { id, type, occurredAt, initiatingEntity, txn, traceparent } = row;
  const { subject, reasonAdmin, reasonUser, details } = JSON.parse(
    JSON.stringify({
      subject: row.subject,
      reasonAdmin: row.reasonAdmin,
      reasonUser: row.reasonUser,
      details: row.details,
    }),
  ) as Pick<FannedSignal, 'subject' | 'reasonAdmin' | 'reasonUser' | 'details'>;
  return {
    id,
    type,
    occurredAt,
    subject,
    initiatingEntity,
    reasonAdmin,
    reasonUser,
    txn,
    details,
    traceparent,
  };
}
