import { Injectable } from '@nestjs/common';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';

/** Signs SETs with the key that is active now. */
@Injectable()
export class SetSigningService {
  constructor(private readonly signingKeys: SigningKeysService) {}

  async sign(providerId: string, claims: string): Promise<string> {
    const sign = await this.signingKeys.signerOf(providerId);
    return sign(claims);
  }
}
