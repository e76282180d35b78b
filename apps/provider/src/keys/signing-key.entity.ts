import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { decryptAtRest, encryptAtRest, type SecretKeys } from '@trefoil/server-kit';
import type { JWK } from 'jose';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/**
 * A signing key at rest. It is published, then signs, then only verifies, then is retired. All times are those of the
 * database, so that every replica switches at the same moment even when its own clock is wrong.
 */
@Entity({ name: 'signing_keys' })
export class StoredSigningKey {
  @PrimaryColumn({ type: 'text' })
  kid!: string;

  @Column({ type: 'text' })
  algorithm!: SigningAlgorithm;

  /** The JWK, encrypted and bound to its `kid`: the private key until the key is retired, then only the public part. */
  @Column({ name: 'encrypted_jwk', type: 'bytea' })
  encryptedJwk!: Buffer;

  /** When the key was published. */
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** When the key starts to sign. */
  @Column({ name: 'signs_from', type: 'timestamptz' })
  signsFrom!: Date;

  /** When its successor starts to sign; null when it has no successor. */
  @Column({ name: 'signs_until', type: 'timestamptz', nullable: true })
  signsUntil!: Date | null;

  /** When its last signature expires and it is removed from `/jwks`; null when it has no successor. */
  @Column({ name: 'retires_at', type: 'timestamptz', nullable: true })
  retiresAt!: Date | null;

  /** When its private part was deleted. */
  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;
}

/** Encrypts the JWK of a signing key and binds it to the row of its `kid`. */
export const encryptJwk = (jwk: JWK, kid: string, keys: SecretKeys): Buffer =>
  encryptAtRest(Buffer.from(JSON.stringify(jwk)), keys, kid);

/**
 * Decrypts the JWK of a signing key.
 *
 * @throws Error when none of the keys encrypted it, or it was encrypted for another `kid`.
 */
export const decryptJwk = (encrypted: Uint8Array, kid: string, keys: SecretKeys): JWK =>
  JSON.parse(decryptAtRest(encrypted, keys, kid).toString()) as JWK;
