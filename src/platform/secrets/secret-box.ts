import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const IV_AT = 1 + KEY_ID_BYTES;
const TAG_AT = IV_AT + IV_BYTES;
const TEXT_AT = TAG_AT + TAG_BYTES;

/** A sealed value that cannot be opened, or keys that cannot be used. The message contains no secret. */
export class SecretBoxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SecretBoxError';
  }
}

interface Key {
  readonly id: Buffer;
  readonly bytes: Buffer;
}

/**
 * Encrypts secrets for the database with AES-256-GCM (NIST SP 800-38D). The first key encrypts and all decrypt,
 * so that a key is rotated by putting a new one in front and re-sealing what {@link needsReseal} reports.
 *
 * Layout: version (1) | key id (8) | IV (12) | tag (16) | ciphertext. Version and key id are authenticated
 * together with the `aad`, which must name the place of the value (table, row and column), so that a sealed
 * value copied to another row does not open.
 *
 * @example
 * const box = new SecretBox(SecretBox.parseKeys(env.SSF_ENCRYPTION_KEYS));
 * const sealed = box.seal('Bearer abc', `stream|${stream.id}|authorization_header`);
 */
export class SecretBox {
  readonly #current: Key;
  readonly #keys: readonly Key[];

  /** @throws SecretBoxError when there is no key, a key is not 32 bytes long, or a key is given twice. */
  constructor(keys: readonly Buffer[]) {
    this.#keys = keys.map((bytes, index) => toKey(bytes, index + 1));
    const [first] = this.#keys;
    if (first === undefined) throw new SecretBoxError('at least one encryption key is needed');
    if (new Set(this.#keys.map(({ id }) => id.toString('hex'))).size !== this.#keys.length) {
      throw new SecretBoxError('an encryption key is given twice');
    }
    this.#current = first;
  }

  /**
   * Reads keys from a setting: comma-separated, each the base64 or base64url of exactly 32 bytes.
   *
   * @throws SecretBoxError that names the position of a wrong key, never its value
   */
  static parseKeys(value: string): Buffer[] {
    return value.split(',').map((part, index) => {
      const text = part.trim().replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
      const bytes = Buffer.from(text, 'base64');
      // Node skips what is not base64; only a round trip shows that nothing was skipped.
      if (bytes.length !== KEY_BYTES || bytes.toString('base64').replace(/=+$/, '') !== text) {
        throw new SecretBoxError(
          `encryption key ${index + 1} is not the base64 or base64url of exactly ${KEY_BYTES} bytes`,
        );
      }
      return bytes;
    });
  }

  /** Encrypts with the first key. */
  seal(plaintext: string, aad: string): Buffer {
    const { bytes } = this.#current;
    const head = this.currentPrefix;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([head, Buffer.from(aad, 'utf8')]));
    const text = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([head, iv, cipher.getAuthTag(), text]);
  }

  /** @throws SecretBoxError when it was truncated, altered, sealed with an unknown key or for another place */
  open(sealed: Buffer, aad: string): string {
    const key = this.#keyOf(sealed);
    if (key === undefined) {
      throw new SecretBoxError('the sealed value was encrypted with a key that is not configured');
    }
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, sealed.subarray(IV_AT, TAG_AT), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.concat([sealed.subarray(0, IV_AT), Buffer.from(aad, 'utf8')]));
    decipher.setAuthTag(sealed.subarray(TAG_AT, TEXT_AT));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(TEXT_AT)), decipher.final()]).toString('utf8');
    } catch {
      // The cause says no more than this, and GCM does not tell the two apart.
      throw new SecretBoxError('the sealed value was altered, or belongs to another place');
    }
  }

  /** What begins everything that is sealed with the first key: version and key id. */
  get currentPrefix(): Buffer {
    return Buffer.concat([Buffer.of(VERSION), this.#current.id]);
  }

  /** Whether it was sealed with another key than the first, so that it should be opened and sealed again. */
  needsReseal(sealed: Buffer): boolean {
    return this.#keyOf(sealed) !== this.#current;
  }

  #keyOf(sealed: Buffer): Key | undefined {
    if (sealed.length < TEXT_AT) throw new SecretBoxError('the sealed value is truncated');
    if (sealed[0] !== VERSION) throw new SecretBoxError('the sealed value has an unknown version');
    const id = sealed.subarray(1, IV_AT);
    return this.#keys.find((key) => key.id.equals(id));
  }
}

function toKey(bytes: Buffer, position: number): Key {
  if (bytes.length !== KEY_BYTES) {
    throw new SecretBoxError(`encryption key ${position} is not ${KEY_BYTES} bytes long`);
  }
  // A labelled hash, so that the id, which is stored in the clear, is of no use for anything else.
  const id = createHash('sha256').update('ssf-transmitter secret-box key id\0').update(bytes).digest();
  return { id: id.subarray(0, KEY_ID_BYTES), bytes };
}
