import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The members of a `claims` parameter that the provider understands (OpenID Connect Core §5.5). */
export interface RequestedClaims {
  readonly userinfo?: Readonly<Record<string, ClaimRequest | null>>;
  readonly id_token?: Readonly<Record<string, ClaimRequest | null>>;
}

/** How one claim is asked for (OpenID Connect Core §5.5.1). */
export interface ClaimRequest {
  readonly essential?: boolean;
  readonly value?: string | number | boolean;
  readonly values?: (string | number | boolean)[];
}

/**
 * The whole life of an authorization, written when a person says yes. The authorization code and every refresh token
 * are derived from it (see `TokenDerivation`), none is stored.
 */
@Entity({ name: 'grants' })
export class Grant {
  @PrimaryColumn('uuid')
  id!: string;

  /** Goes into every token derived from the grant. */
  @Column({ type: 'bytea' })
  secret!: Buffer;

  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The sign-in session in which it was given; without `offline_access` the grant ends with it. */
  @Column({ name: 'session_id', type: 'uuid' })
  sessionId!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  /** The resource servers it opens; the first is the default audience (RFC 8707 §2). */
  @Column({ type: 'text', array: true })
  resources!: string[];

  /** Null when it was given on another device (RFC 8628). */
  @Column({ name: 'redirect_uri', type: 'text', nullable: true })
  redirectUri!: string | null;

  @Column({ name: 'code_challenge', type: 'text', nullable: true })
  codeChallenge!: string | null;

  @Column({ type: 'text', nullable: true })
  nonce!: string | null;

  @Column({ name: 'authenticated_at', type: 'timestamptz' })
  authenticatedAt!: Date;

  @Column({ type: 'text', array: true })
  amr!: string[];

  /** The authentication context class that was reached (OpenID Connect Core §2). */
  @Column({ type: 'text', nullable: true })
  acr!: string | null;

  /** The thumbprint of the key that the code, or a public client's refresh tokens, are bound to (RFC 9449 §5, §10). */
  @Column({ name: 'dpop_jkt', type: 'text', nullable: true })
  dpopJkt!: string | null;

  /** What the `claims` parameter asked for (OpenID Connect Core §5.5). */
  @Column({ type: 'jsonb', nullable: true })
  claims!: RequestedClaims | null;

  @Column({ name: 'code_expires_at', type: 'timestamptz' })
  codeExpiresAt!: Date;

  @Column({ name: 'code_redeemed_at', type: 'timestamptz', nullable: true })
  codeRedeemedAt!: Date | null;

  /** The generation of the newest refresh token; 0 before the first rotation. */
  @Column({ name: 'refresh_generation', type: 'integer' })
  refreshGeneration!: number;

  /** When that generation replaced the one before. */
  @Column({ name: 'refreshed_at', type: 'timestamptz', nullable: true })
  refreshedAt!: Date | null;

  /** The thumbprint of the key that was proven then: only with it may the request be repeated. Null when none was. */
  @Column({ name: 'refreshed_jkt', type: 'text', nullable: true })
  refreshedJkt!: string | null;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  get isLive(): boolean {
    return this.revokedAt === null && this.expiresAt > new Date();
  }

  /** With `offline_access` a grant outlives the sign-in session (OpenID Connect Core §11). */
  get outlivesSession(): boolean {
    return this.scopes.includes('offline_access');
  }
}
