import { isText } from './text.js';

/**
 * The path of the first string (or member name) in a JSON value that is not text (see `isText`). Undefined when
 * there is none.
 */
export function unstorableText(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return isText(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (!isText(name)) return path;
    const at = Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
    const found = unstorableText(member, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
