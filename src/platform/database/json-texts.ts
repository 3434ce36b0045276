/** A control character, which JSON only has escaped (RFC 8259 section 7). */
const SEPARATOR = '\u001e';

/**
 * JSON texts as one parameter, which {@link jsonTextsOf} takes apart again. As an array literal each would be quoted
 * and unquoted, which for claims is most of what a large statement costs both sides (measured: a tenth of a fan-out).
 *
 * @throws TypeError for a text with a control character: it was not made by JSON.stringify
 */
export function jsonTexts(texts: readonly string[]): string {
  const joined = texts.join(SEPARATOR);
  if (texts.length > 0 && joined.split(SEPARATOR).length !== texts.length)
    throw new TypeError('a text of the array is not JSON');
  return joined;
}

/** The text[] that was given to `jsonTexts` as this parameter, such as `$5`. */
export function jsonTextsOf(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\x1e')`;
}
