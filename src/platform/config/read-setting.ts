import { readFileSync } from 'node:fs';
import type { Setting } from './setting.js';
import { SettingError } from './setting-parsers.js';

/** A setting of the environment, or of the file that its `_FILE` names; empty is unset. Throws {@link SettingError}. */
export function read<Value>(env: NodeJS.ProcessEnv, setting: Setting<Value>): Value | undefined {
  const value = rawValue(env, setting);
  if (value === undefined || value === '') return undefined;
  try {
    return setting.parse(value);
  } catch (error) {
    if (error instanceof SettingError) throw new SettingError(error.problem, setting.name, error);
    throw error;
  }
}

function rawValue(env: NodeJS.ProcessEnv, setting: Setting<unknown>): string | undefined {
  const file = setting.isSecret ? env[`${setting.name}_FILE`] : undefined;
  if (!file) return env[setting.name]?.trim();
  if (env[setting.name])
    throw new SettingError(`and ${setting.name}_FILE are both set: choose one`, setting.name);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SettingError(`names a file that cannot be read (${code})`, `${setting.name}_FILE`, error);
  }
}
