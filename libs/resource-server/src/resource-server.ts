import type { Scope, ScopeTable } from '@trefoil/dto';
import type { MixedList } from 'typeorm';

/** Describes a resource server: its name, its scopes, its tables and the texts of its documents. */
export interface ResourceServer {
  /** The name of the app. It is the folder in `apps`, the realm of the challenges and a part of every key in Redis. */
  readonly name: string;
  /** The name of the resource in its metadata (RFC 9728 §2). */
  readonly resourceName: string;
  /** The title of the OpenAPI document. */
  readonly title: string;
  /** The description in the OpenAPI document. */
  readonly description: string;
  /** The scopes of the API. */
  readonly scopes: ScopeTable;
  /**
   * The scopes of other APIs that users must allow as well, because the server exchanges their tokens for these APIs
   * (RFC 8693). The login button of the documentation requests them.
   */
  readonly exchangedScopes?: readonly Scope[];
  /** The migrations of the database, the oldest first. {@link CreateSharedTables} is among the first ones. */
  // TypeORM names a type of its own for a list of classes.
  readonly migrations: MixedList<new () => object>;
}
