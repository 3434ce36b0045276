import { ApiProperty } from '@nestjs/swagger';
import type { JWK } from 'jose';
import type { SigningAlgorithm } from '../../../core/set/signing-algorithm.js';
import {
  SIGNING_KEY_STATUSES,
  type SigningKey,
  type SigningKeyStatus,
} from '../../../signing-keys/signing-key.entity.js';

/** The public half; the private one never leaves. */
export class SigningKeyDto {
  kid: string;
  algorithm: SigningAlgorithm;

  @ApiProperty({ enum: SIGNING_KEY_STATUSES })
  status: SigningKeyStatus;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As the JWK Set publishes it' })
  publicJwk: JWK;

  createdAt: Date;
  statusChangedAt: Date;
}

export class SigningKeyListDto {
  data: SigningKeyDto[];
  nextCursor: string | null;
}

export function toSigningKeyDto(key: SigningKey): SigningKeyDto {
  const { kid, algorithm, status, publicJwk, createdAt, statusChangedAt } = key;
  return { kid, algorithm, status, publicJwk, createdAt, statusChangedAt };
}
