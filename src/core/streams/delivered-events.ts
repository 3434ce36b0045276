/**
 * The `events_delivered` of a stream (SSF 1.0 section 8.1.1): what is both supported and requested, without
 * duplicates, in the order of `supported`. A receiver that requests nothing in particular gets everything; one that
 * requests `[]` gets nothing.
 */
export function deliveredEvents(
  supported: readonly string[],
  requested: readonly string[] | undefined,
): string[] {
  const wanted = requested && new Set(requested);
  return [...new Set(supported)].filter((uri) => !wanted || wanted.has(uri));
}
