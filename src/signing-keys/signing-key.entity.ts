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

  /** PKCS#8 PEM, sealed (platform/secrets); never selected unless asked for, and erased when the key retires. Null: remote */
  @Column('bytea', { name: 'private_key', select: false, nullable: true })
  privateKey: Buffer | null;

  /** what a remote signer, which has the private half, knows the key by; null: it is in `privateKey` */
  @Column('text', { name: 'remote_key_id', nullable: true })
  remoteKeyId: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'status_changed_at' })
  statusChangedAt: Date;
}
