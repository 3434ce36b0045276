import { audited, type Shown } from '../audit/audited.js';
import type { Change } from '../audit/record-change.js';
import type { Stream } from './stream.entity.js';

/** Without the header of its pushes, which is a secret: of that only {@link headerDifference} is told. */
export const auditedStream = audited<Stream>(
  'managedBy',
  'status',
  'statusReason',
  'statusLocked',
  'method',
  'endpointUrl',
  'audience',
  'audienceIsList',
  'eventsRequested',
  'description',
  'usesLegacyUris',
  'legacyFormat',
);

export function scopeOf({
  id,
  providerId,
  applicationId,
}: Pick<Stream, 'id' | 'providerId' | 'applicationId'>): Pick<
  Change,
  'providerId' | 'applicationId' | 'streamId'
> {
  return { providerId, applicationId, streamId: id };
}

/** `toll`: what goes with it */
export function deletionOf(stream: Stream, toll: Shown): Change {
  return { action: 'stream.deleted', ...scopeOf(stream), before: auditedStream.of(stream), after: toll };
}

/** Whether there is an Authorization header; one that is sent again counts as another one. */
export function headerDifference(had: boolean, has: boolean): Pick<Change, 'before' | 'after'> {
  if (!had && !has) return {};
  return {
    before: { authorizationHeader: had ? 'set' : null },
    after: { authorizationHeader: !has ? null : had ? 'replaced' : 'set' },
  };
}
