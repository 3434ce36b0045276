import { Injectable } from '@nestjs/common';
import { SignersService } from '../signing-keys/signers.service.js';

/** A SET as it is sent, with the key that signed it. */
export interface SignedSet {
  readonly kid: string;
  /** compact JWS, which may be a part of a larger buffer */
  readonly token: Buffer;
}

/** Signs SETs with the key that is active now, and knows how long a signature may be used. */
@Injectable()
export class SetSigningService {
  constructor(private readonly signers: SignersService) {}

  async sign(providerId: string, claims: string): Promise<SignedSet> {
    const { kid, sign } = this.signers.current(providerId) ?? (await this.signers.of(providerId));
    return { kid, token: await sign(claims) };
  }

  /**
   * Whether what this key signed may be sent (again): receivers find it in the JWK Set for long enough. Otherwise the
   * SET is signed anew, with the same jti and claims (SSF-F-14).
   */
  isSendable(providerId: string, kid: string | undefined): boolean | Promise<boolean> {
    if (kid === undefined) return false;
    const signer = this.signers.current(providerId);
    return signer
      ? signer.sendable.has(kid)
      : this.signers.of(providerId).then(({ sendable }) => sendable.has(kid));
  }
}
