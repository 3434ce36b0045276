import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingError } from '../platform/config/setting-parsers.js';
import { newToken } from '../platform/secrets/token.js';

export interface LocalSecret {
  readonly value: string;
  readonly file: string;
  /** it did not exist before */
  readonly isNew: boolean;
}

/** The admin token that the server made for itself. */
export function localAdminToken(dataDir: string): LocalSecret {
  return localSecret(dataDir, 'admin-token', () => newToken('ssf_admin_'));
}

/** The encryption key that the server made for itself: without it the database's secrets cannot be read. */
export function localEncryptionKey(dataDir: string): LocalSecret {
  return localSecret(dataDir, 'encryption-key', () => randomBytes(32).toString('base64'));
}

/** Reads a secret of the data folder, or makes it: mode 0600, complete or not there, whoever starts at once. */
function localSecret(dataDir: string, name: string, make: () => string): LocalSecret {
  const file = join(dataDir, name);
  const kept = read(file);
  if (kept !== undefined) return { value: kept, file, isNew: false };
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(draft, `${make()}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    try {
      linkSync(draft, file);
    } catch (error) {
      // somebody else was first: theirs counts
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  } catch (error) {
    throw new SettingError(
      `names a folder that cannot be written to (${codeOf(error)})`,
      'SSF_DATA_DIR',
      error,
    );
  } finally {
    rmSync(draft, { force: true });
  }
  const value = read(file);
  if (value === undefined) throw new SettingError(`holds no readable ${name}`, 'SSF_DATA_DIR');
  return { value, file, isNew: true };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new SettingError(
      `holds a file that cannot be read: ${file} (${codeOf(error)})`,
      'SSF_DATA_DIR',
      error,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
