import type { JWK } from 'jose';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { SigningKeyStatus } from '../core/keys/key-ring.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';

@Entity({ schema: 'ssf', name: 'signing_key', synchronize: false })
export class SigningKey {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  /** unique among the keys of its provider */
  @Column('text')
  kid: string;

  @Column('text')
  algorithm: SigningAlgorithm;

  /** as it was written down last; `ringAt` (core/keys/key-ring.ts) tells how it stands */
  @Column('text')
  status: SigningKeyStatus;

  /** when `next` becomes active, and `retiring` retired */
  @Column('timestamptz', { name: 'changes_at', nullable: true })
  changesAt: Date | null;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk: JWK;

  /** PKCS#8 PEM, sealed (platform/secrets); never selected unless asked for, and erased when the key retires */
  @Column('bytea', { name: 'private_key', select: false, nullable: true })
  privateKey: Buffer | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'status_changed_at' })
  statusChangedAt: Date;
}
