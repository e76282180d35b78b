import type { ClientAuthenticationMethod, SecurityProfileName, SigningAlgorithm } from '@trefoil/oauth-protocol';
import { Column, CreateDateColumn, Entity, OneToMany, PrimaryColumn, type Relation, UpdateDateColumn } from 'typeorm';
import { ClientSecret } from './client-secret.entity.js';

/** A registered client; the columns are the client metadata of RFC 7591 §2 and OpenID Connect Registration §2. */
@Entity({ name: 'clients' })
export class Client {
  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId!: string;

  @Column({ name: 'client_name', type: 'text' })
  clientName!: string;

  @Column({ type: 'text' })
  description!: string;

  @Column({ name: 'client_uri', type: 'text', nullable: true })
  clientUri!: string | null;

  @Column({ name: 'security_profile', type: 'text' })
  securityProfile!: SecurityProfileName;

  @Column({ name: 'token_endpoint_auth_method', type: 'text' })
  tokenEndpointAuthMethod!: ClientAuthenticationMethod;

  @Column({ name: 'grant_types', type: 'text', array: true })
  grantTypes!: string[];

  @Column({ name: 'redirect_uris', type: 'text', array: true })
  redirectUris!: string[];

  @Column({ name: 'post_logout_redirect_uris', type: 'text', array: true })
  postLogoutRedirectUris!: string[];

  /** Every scope the client may be given. */
  @Column({ type: 'text', array: true })
  scopes!: string[];

  /** The resource servers for which the client may exchange the tokens it was called with (RFC 8693). */
  @Column({ name: 'token_exchange_resources', type: 'text', array: true })
  tokenExchangeResources!: string[];

  @Column({ name: 'id_token_signed_response_alg', type: 'text', nullable: true })
  idTokenSignedResponseAlg!: SigningAlgorithm | null;

  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt!: Date | null;

  @OneToMany(() => ClientSecret, (secret) => secret.client)
  secrets!: Relation<ClientSecret>[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
