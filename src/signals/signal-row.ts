import type { LanguageMap } from '../core/events/event-claims.js';
import { subjectHashes } from '../core/subjects/subject-search.js';
import type { FannedSignal } from './fan-out-plan.js';
import type { NewSignal } from './signal.js';

type JsonMember = 'subject' | 'reasonAdmin' | 'reasonUser' | 'details';

/** A signal as it is written: what is JSON there as its text, of which nothing can change any more. */
export type SignalRow = Omit<NewSignal, JsonMember | 'txn'> & {
  readonly id: string;
  readonly subject: string;
  readonly reasonAdmin: string | undefined;
  readonly reasonUser: string | undefined;
  readonly txn: string;
  readonly details: string;
  /** of the span that records it */
  readonly traceparent: string | undefined;
  /** what it is found by, in decimal */
  readonly subjectHashes: readonly string[];
};

export function toRow(signal: NewSignal, id: string, traceparent?: string): SignalRow {
  const { provider, externalId, type, occurredAt, initiatingEntity, txn = id } = signal;
  return {
    id,
    provider,
    externalId,
    type,
    occurredAt,
    subject: JSON.stringify(signal.subject),
    initiatingEntity,
    reasonAdmin: signal.reasonAdmin && JSON.stringify(signal.reasonAdmin),
    reasonUser: signal.reasonUser && JSON.stringify(signal.reasonUser),
    txn,
    details: JSON.stringify(signal.details),
    traceparent,
    subjectHashes: subjectHashes(signal),
  };
}

/** As it will be read back: without what JSON does not hold. */
export function fromRow(row: SignalRow): FannedSignal {
  const { id, type, occurredAt, initiatingEntity, txn, traceparent } = row;
  return {
    id,
    type,
    occurredAt,
    subject: JSON.parse(row.subject) as FannedSignal['subject'],
    initiatingEntity,
    reasonAdmin: row.reasonAdmin === undefined ? undefined : (JSON.parse(row.reasonAdmin) as LanguageMap),
    reasonUser: row.reasonUser === undefined ? undefined : (JSON.parse(row.reasonUser) as LanguageMap),
    txn,
    details: JSON.parse(row.details) as FannedSignal['details'],
    traceparent,
  };
}
