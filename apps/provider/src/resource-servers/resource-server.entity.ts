import type { Scope } from '@trefoil/dto';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A server that accepts the provider's access tokens. */
@Entity({ name: 'resource_servers' })
export class ResourceServer {
  /** The resource identifier, which is the `aud` of its access tokens (RFC 8707 §2). */
  @PrimaryColumn({ type: 'text' })
  identifier!: string;

  @Column({ type: 'text' })
  name!: string;

  /** The scopes, with their descriptions on the consent page. */
  @Column({ type: 'jsonb' })
  scopes!: Scope[];

  /** The clients that may get user tokens for this server; null allows every client. */
  @Column({ name: 'user_clients', type: 'text', array: true, nullable: true })
  userClients!: string[] | null;

  /** The client id that the server itself authenticates with; it may introspect the tokens issued for it. */
  @Column({ name: 'client_id', type: 'text', nullable: true })
  clientId!: string | null;

  /** The lifetime of access tokens for this server, in seconds. */
  @Column({ name: 'access_token_lifetime', type: 'integer' })
  accessTokenLifetime!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
