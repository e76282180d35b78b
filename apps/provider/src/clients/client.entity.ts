import type {
  ClientAuthenticationMethod,
  ResponseModeName,
  SecurityProfileName,
  SigningAlgorithm,
} from '@trefoil/oauth-protocol';
import type { JSONWebKeySet } from 'jose';
import { Column, CreateDateColumn, Entity, OneToMany, PrimaryColumn, type Relation, UpdateDateColumn } from 'typeorm';
import { ClientSecret } from './secrets/client-secret.entity.js';

/** A registered client. Its columns are the client metadata of RFC 7591 §2 and OpenID Connect Registration §2. */
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

  /** The scopes that the client may be granted. */
  @Column({ type: 'text', array: true })
  scopes!: string[];

  /** The resource servers for which the client may exchange the access tokens that it receives (RFC 8693). */
  @Column({ name: 'token_exchange_resources', type: 'text', array: true })
  tokenExchangeResources!: string[];

  @Column({ name: 'id_token_signed_response_alg', type: 'text', nullable: true })
  idTokenSignedResponseAlg!: SigningAlgorithm | null;

  @Column({ name: 'application_type', type: 'text' })
  applicationType!: 'web' | 'native';

  @Column({ type: 'text', array: true })
  contacts!: string[];

  @Column({ name: 'logo_uri', type: 'text', nullable: true })
  logoUri!: string | null;

  @Column({ name: 'policy_uri', type: 'text', nullable: true })
  policyUri!: string | null;

  @Column({ name: 'tos_uri', type: 'text', nullable: true })
  tosUri!: string | null;

  /** The client's public keys by value. Never set together with `jwksUri` (RFC 7591 §2). */
  @Column({ type: 'jsonb', nullable: true })
  jwks!: JSONWebKeySet | null;

  @Column({ name: 'jwks_uri', type: 'text', nullable: true })
  jwksUri!: string | null;

  /** Whether the client sees the public `sub` of a user or one of its own sector (OpenID Connect Core §8). */
  @Column({ name: 'subject_type', type: 'text' })
  subjectType!: 'public' | 'pairwise';

  @Column({ name: 'sector_identifier_uri', type: 'text', nullable: true })
  sectorIdentifierUri!: string | null;

  @Column({ name: 'token_endpoint_auth_signing_alg', type: 'text', nullable: true })
  tokenEndpointAuthSigningAlg!: SigningAlgorithm | null;

  @Column({ name: 'request_object_signing_alg', type: 'text', nullable: true })
  requestObjectSigningAlg!: SigningAlgorithm | null;

  @Column({ name: 'userinfo_signed_response_alg', type: 'text', nullable: true })
  userinfoSignedResponseAlg!: SigningAlgorithm | null;

  @Column({ name: 'authorization_signed_response_alg', type: 'text', nullable: true })
  authorizationSignedResponseAlg!: SigningAlgorithm | null;

  @Column({ name: 'introspection_signed_response_alg', type: 'text', nullable: true })
  introspectionSignedResponseAlg!: SigningAlgorithm | null;

  @Column({ name: 'require_pushed_authorization_requests', type: 'boolean' })
  requirePushedAuthorizationRequests!: boolean;

  /** Whether the client must sign its authorization requests (RFC 9101 §10.5). */
  @Column({ name: 'require_signed_request_object', type: 'boolean' })
  requireSignedRequestObject!: boolean;

  /** The response modes that the client may use; null for all (FAPI 2.0 Message Signing §5.3.3). */
  @Column({ name: 'response_modes', type: 'text', array: true, nullable: true })
  responseModes!: ResponseModeName[] | null;

  @Column({ name: 'dpop_bound_access_tokens', type: 'boolean' })
  dpopBoundAccessTokens!: boolean;

  /** Whether access tokens are bound to the certificate of the client (RFC 8705 §3.4). */
  @Column({ name: 'tls_client_certificate_bound_access_tokens', type: 'boolean' })
  tlsClientCertificateBoundAccessTokens!: boolean;

  // With tls_client_auth, exactly one of the next five names the subject of the certificates (RFC 8705 §2.1.2).

  @Column({ name: 'tls_client_auth_subject_dn', type: 'text', nullable: true })
  tlsClientAuthSubjectDn!: string | null;

  @Column({ name: 'tls_client_auth_san_dns', type: 'text', nullable: true })
  tlsClientAuthSanDns!: string | null;

  @Column({ name: 'tls_client_auth_san_uri', type: 'text', nullable: true })
  tlsClientAuthSanUri!: string | null;

  @Column({ name: 'tls_client_auth_san_ip', type: 'text', nullable: true })
  tlsClientAuthSanIp!: string | null;

  @Column({ name: 'tls_client_auth_san_email', type: 'text', nullable: true })
  tlsClientAuthSanEmail!: string | null;

  /** The `max_age` in seconds for requests that contain none. */
  @Column({ name: 'default_max_age', type: 'integer', nullable: true })
  defaultMaxAge!: number | null;

  @Column({ name: 'require_auth_time', type: 'boolean' })
  requireAuthTime!: boolean;

  @Column({ name: 'default_acr_values', type: 'text', array: true })
  defaultAcrValues!: string[];

  @Column({ name: 'initiate_login_uri', type: 'text', nullable: true })
  initiateLoginUri!: string | null;

  @Column({ name: 'backchannel_logout_uri', type: 'text', nullable: true })
  backchannelLogoutUri!: string | null;

  @Column({ name: 'backchannel_logout_session_required', type: 'boolean' })
  backchannelLogoutSessionRequired!: boolean;

  @Column({ name: 'software_id', type: 'text', nullable: true })
  softwareId!: string | null;

  @Column({ name: 'software_version', type: 'text', nullable: true })
  softwareVersion!: string | null;

  /** SHA-256 of the token with which the client manages its own registration (RFC 7592 §3). */
  @Column({ name: 'registration_token_hash', type: 'bytea', nullable: true })
  registrationTokenHash!: Buffer | null;

  @Column({ name: 'initial_access_token_id', type: 'uuid', nullable: true })
  initialAccessTokenId!: string | null;

  /** How often all tokens of the client were revoked. Tokens of an earlier generation are not valid. */
  @Column({ name: 'token_generation', type: 'integer', default: 0 })
  tokenGeneration!: number;

  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt!: Date | null;

  @OneToMany(() => ClientSecret, (secret) => secret.client)
  secrets!: Relation<ClientSecret>[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
