/**
 * What the processes of a run may see of the environment: settings of the person who runs it, whether of the
 * transmitter, of Node or of PostgreSQL, must not reach them.
 */
export function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'SSF_PG_BIN'];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
