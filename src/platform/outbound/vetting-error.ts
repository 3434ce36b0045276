/** Why a connection was not even tried. It carries no address: the message may reach the caller. */
export class VettingError extends Error {
  readonly code: 'blocked_address' | 'dns_failure';

  constructor(code: 'blocked_address' | 'dns_failure') {
    super(code);
    this.name = 'VettingError';
    this.code = code;
  }
}
