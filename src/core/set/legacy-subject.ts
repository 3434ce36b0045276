import { eventFamily } from '../events/event-uris.js';
import type { JsonObject } from '../json-object.js';
import type { SubjectIdentifier } from '../subjects/subject-identifier.js';

/**
 * The `subject` inside an event, where receivers from before SSF 1.0 look for it (Shared Signals and Events Framework
 * 1.0 draft 01, section 3). SSF 1.0 section 3.1.1 lets it stand there beside `sub_id`.
 *
 * A complex subject is an object of its members without a `format`. CAEP receivers expect that of a simple one, too, as
 * the `user`; RISC has it as it stands.
 */
export function legacySubject(subId: SubjectIdentifier, eventType: string): JsonObject {
  if (subId.format === 'complex') {
    return Object.fromEntries(Object.entries(subId).filter(([name]) => name !== 'format'));
  }
  return eventFamily(eventType) === 'caep' ? { user: subId } : { ...subId };
}
