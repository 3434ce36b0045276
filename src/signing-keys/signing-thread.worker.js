// @ts-check
// The other side of signing-thread.ts. It is JavaScript, and needs none of our modules, so that the file that Node loads
// into the thread is this one wherever it runs: built, and under a loader of TypeScript.
import { Buffer } from 'node:buffer';
import { sign } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** @type {import('../core/set/sign-set.js').SigningRecipe | undefined} */
let recipe;

/** @param {import('./signing-thread.js').Batch} batch */
function signAll({ key, claims }) {
  recipe = key ?? recipe;
  return claims.map((each) => signOne(each));
}

/**
 * @param {string} claims
 * @returns {import('./signing-thread.js').Signed}
 */
function signOne(claims) {
  if (!recipe) return { error: 'there is no key' };
  const { header, digest, input } = recipe;
  const signed = `${header}.${Buffer.from(claims).toString('base64url')}`;
  try {
    return `${signed}.${sign(digest, Buffer.from(signed, 'latin1'), input).toString('base64url')}`;
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort?.on('message', (/** @type {import('./signing-thread.js').Batch} */ batch) => {
  parentPort?.postMessage(signAll(batch));
});
