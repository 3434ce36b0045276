import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsObject, IsString, Length } from 'class-validator';
import type { JWK } from 'jose';
import { SIGNING_KEY_STATUSES, type SigningKeyStatus } from '../../../core/keys/key-ring.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../../core/set/signing-algorithm.js';
import { KEY_LOCATIONS, type KeyLocation } from '../../../signing-keys/key-material.js';
import type { SigningKey } from '../../../signing-keys/signing-key.entity.js';
import { MayBeAbsent } from './dto.decorators.js';

export class RotateSigningKeyDto {
  /** For keys that others may know: the new key signs at once, and all that have signed are withdrawn. */
  @MayBeAbsent()
  @IsBoolean()
  immediately?: boolean;
}

/** One of `pem` and `jwk`, or, with a remote signer, `remoteKeyId`. RSA keys have 2048 to 4096 bits, EC keys the curve P-256, OKP keys Ed25519. */
export class ImportSigningKeyDto extends RotateSigningKeyDto {
  /** PKCS #8, PKCS #1 or SEC 1, not encrypted. Its kid will be the RFC 7638 thumbprint. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 16_384)
  pem?: string;

  /** A private JWK. Its `kid` is kept. */
  @MayBeAbsent()
  @IsObject()
  jwk?: Record<string, unknown>;

  /** A key that the remote signer has already; its kid will be the RFC 7638 thumbprint. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 200)
  remoteKeyId?: string;

  /** Default: what the JWK says, else the provider's if the key can have it. */
  @MayBeAbsent()
  @IsIn(SIGNING_ALGORITHMS)
  algorithm?: SigningAlgorithm;
}

/** The public half; the private one never leaves. */
export class SigningKeyDto {
  kid: string;
  algorithm: SigningAlgorithm;

  @ApiProperty({ enum: SIGNING_KEY_STATUSES })
  status: SigningKeyStatus;

  /** When a `next` key begins to sign. */
  activatesAt: Date | null;

  /** When a `retiring` key leaves the JWK Set. */
  retiresAt: Date | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As the JWK Set publishes it' })
  publicJwk: JWK;

  /** Where the private half is: `local` is in the database, encrypted. */
  @ApiProperty({ enum: KEY_LOCATIONS })
  location: KeyLocation;

  /** What the remote signer knows the key by. */
  remoteKeyId: string | null;

  createdAt: Date;
  statusChangedAt: Date;
}

export class SigningKeyListDto {
  data: SigningKeyDto[];
  nextCursor: string | null;
}

export function toSigningKeyDto(key: SigningKey): SigningKeyDto {
  const { kid, algorithm, status, changesAt, publicJwk, remoteKeyId, createdAt, statusChangedAt } = key;
  return {
    kid,
    algorithm,
    status,
    activatesAt: status === 'next' ? changesAt : null,
    retiresAt: status === 'retiring' ? changesAt : null,
    publicJwk,
    location: remoteKeyId === null ? 'local' : 'remote',
    remoteKeyId,
    createdAt,
    statusChangedAt,
  };
}
