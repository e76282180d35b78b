import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The members of the `claims` parameter that the provider supports (OpenID Connect Core §5.5). */
export interface RequestedClaims {
  readonly userinfo?: Readonly<Record<string, ClaimRequest | null>>;
  readonly id_token?: Readonly<Record<string, ClaimRequest | null>>;
}

/** The request for one claim (OpenID Connect Core §5.5.1). */
export interface ClaimRequest {
  readonly essential?: boolean;
  readonly value?: string | number | boolean;
  readonly values?: (string | number | boolean)[];
}

/**
 * An authorization that a user gave to a client, from the consent to its end. The authorization code and every refresh
 * token are derived from this row and are not stored (see `TokenDerivation`).
 */
@Entity({ name: 'grants' })
export class Grant {
  @PrimaryColumn('uuid')
  id!: string;

  /** Random bytes that enter the derivation of the code and of every refresh token. */
  @Column({ type: 'bytea' })
  secret!: Buffer;

  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The session in which the user gave the grant. Without `offline_access` the grant ends with this session. */
  @Column({ name: 'session_id', type: 'uuid' })
  sessionId!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  /** The identifiers of the resource servers that the grant covers; the first is the default audience (RFC 8707 §2). */
  @Column({ type: 'text', array: true })
  resources!: string[];

  /** Null for a device authorization grant, which has no redirect (RFC 8628). */
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

  /** The authentication context class of the sign-in (OpenID Connect Core §2). */
  @Column({ type: 'text', nullable: true })
  acr!: string | null;

  /** The thumbprint of the key to which the code, or a public client's refresh tokens, are bound (RFC 9449 §5, §10). */
  @Column({ name: 'dpop_jkt', type: 'text', nullable: true })
  dpopJkt!: string | null;

  /** The thumbprint of the certificate to which the refresh tokens of a public client are bound (RFC 8705 §4). */
  @Column({ name: 'certificate_thumbprint', type: 'text', nullable: true })
  certificateThumbprint!: string | null;

  /** The claims that the `claims` parameter requested (OpenID Connect Core §5.5). */
  @Column({ type: 'jsonb', nullable: true })
  claims!: RequestedClaims | null;

  @Column({ name: 'code_expires_at', type: 'timestamptz' })
  codeExpiresAt!: Date;

  @Column({ name: 'code_redeemed_at', type: 'timestamptz', nullable: true })
  codeRedeemedAt!: Date | null;

  /** The generation of the newest refresh token; 0 before the first rotation. */
  @Column({ name: 'refresh_generation', type: 'integer' })
  refreshGeneration!: number;

  /** The time of the newest rotation. */
  @Column({ name: 'refreshed_at', type: 'timestamptz', nullable: true })
  refreshedAt!: Date | null;

  /**
   * The thumbprint of the DPoP key or of the certificate of the newest rotation, which a retry must prove again. Null when
   * there was none.
   */
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

  /** Returns whether the grant outlives its session, which needs `offline_access` (OpenID Connect Core §11). */
  get outlivesSession(): boolean {
    return this.scopes.includes('offline_access');
  }
}
