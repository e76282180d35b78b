import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A scope of a resource server, with the words the consent page uses for it. */
export interface ResourceScope {
  readonly name: string;
  /** Completes "The application wants to …". */
  readonly description: string;
  /**
   * Given to people's clients by consent, or to machine clients by registration. What only administrators can make use of
   * goes by consent too, but to no client that registered itself.
   */
  readonly grantedTo: 'users' | 'administrators' | 'machines';
}

/** A server that accepts the provider's access tokens. */
@Entity({ name: 'resource_servers' })
export class ResourceServer {
  /** Its resource identifier, the `aud` of its tokens (RFC 8707 §2). */
  @PrimaryColumn({ type: 'text' })
  identifier!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb' })
  scopes!: ResourceScope[];

  /** The clients to which tokens with a user are issued for this server; null leaves it open to every client. */
  @Column({ name: 'user_clients', type: 'text', array: true, nullable: true })
  userClients!: string[] | null;

  /** The client that the server itself is: it may introspect the tokens meant for it. */
  @Column({ name: 'client_id', type: 'text', nullable: true })
  clientId!: string | null;

  /** Seconds an access token for this server is valid. */
  @Column({ name: 'access_token_lifetime', type: 'integer' })
  accessTokenLifetime!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
