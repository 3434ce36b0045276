/** Making an RSA key takes an HSM seconds: so long, when a signature may take `timeoutMs`. */
export function makingMs(timeoutMs: number): number {
  return 10 * timeoutMs;
}
