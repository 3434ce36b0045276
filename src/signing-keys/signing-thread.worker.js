// @ts-check
// The other side of signing-thread.ts. It is JavaScript, and needs none of our modules, so that the file that Node loads
// into the thread is this one wherever it runs: built, and under a loader of TypeScript.
import { Buffer } from 'node:buffer';
import { sign } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** ES256 (RFC 7518 section 3.4), Ed25519 (RFC 8032 section 5.1.6) */
const SIGNATURE_BYTES = 64;
/** In base64url. */
const DOTS_AND_SIGNATURE = 2 + Math.ceil((SIGNATURE_BYTES * 4) / 3);
const DOT = 0x2e;

/** @type {import('../core/set/sign-set.js').SigningRecipe | undefined} */
let recipe;

/**
 * @param {import('./signing-thread.js').Batch} batch
 * @returns {import('./signing-thread.js').SignedBatch}
 */
function signAll({ key, claims }) {
  recipe = key ?? recipe;
  if (!recipe) throw new Error('there is no key');
  const { header } = recipe;
  const payloads = claims.map((each) => Buffer.from(each).toString('base64url'));
  const size = payloads.reduce((sum, { length }) => sum + header.length + length + DOTS_AND_SIGNATURE, 0);
  const bytes = Buffer.from(new ArrayBuffer(size));
  let start = 0;
  const ends = [];
  for (const payload of payloads) {
    const end = signInto(bytes, start, payload, recipe);
    if (typeof end === 'number') start = end;
    ends.push(end);
  }
  return { bytes: bytes.buffer, ends };
}

/**
 * @param {Buffer} bytes
 * @param {number} start
 * @param {string} payload
 * @param {import('../core/set/sign-set.js').SigningRecipe} recipe
 * @returns {import('./signing-thread.js').SignedBatch['ends'][number]}
 */
function signInto(bytes, start, payload, { header, digest, input }) {
  let end = start + bytes.write(header, start, 'latin1');
  bytes[end++] = DOT;
  end += bytes.write(payload, end, 'latin1');
  try {
    const signature = sign(digest, bytes.subarray(start, end), input);
    // else there would be no room for all of it
    if (signature.length !== SIGNATURE_BYTES)
      throw new RangeError(`a signature of ${signature.length} bytes`);
    bytes[end++] = DOT;
    return end + bytes.write(signature.toString('base64url'), end, 'latin1');
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort?.on('message', (/** @type {import('./signing-thread.js').Batch} */ batch) => {
  const signed = signAll(batch);
  parentPort?.postMessage(signed, [signed.bytes]);
});
