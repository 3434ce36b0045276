import type { JWK } from 'jose';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';

/**
 * The life of a key: `next` is published before its first use, `active` signs, `retiring` is still published for
 * SETs that are under way, `retired` is not.
 */
export const SIGNING_KEY_STATUSES = ['next', 'active', 'retiring', 'retired'] as const;
export type SigningKeyStatus = (typeof SIGNING_KEY_STATUSES)[number];

@Entity({ schema: 'ssf', name: 'signing_key', synchronize: false })
export class SigningKey {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  @Column('text')
  kid: string;

  @Column('text')
  algorithm: SigningAlgorithm;

  @Column('text')
  status: SigningKeyStatus;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk: JWK;

  /** PKCS#8 PEM, sealed (platform/secrets); never selected unless asked for */
  @Column('bytea', { name: 'private_key', select: false })
  privateKey: Buffer;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'status_changed_at' })
  statusChangedAt: Date;
}
