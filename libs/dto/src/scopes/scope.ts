/** Describes a scope of a resource server. */
export interface Scope {
  /** The scope as it stands in requests and tokens, such as `contacts:read` (RFC 6749 §3.3). */
  readonly name: string;
  /** Completes "The application wants to …" on the consent page, such as `see your contacts`. */
  readonly description: string;
  /** The kind of subject that may be granted the scope. */
  readonly grantedTo: 'users' | 'administrators' | 'machines';
}

/** The scopes of one resource server, by a short name for the code. */
export type ScopeTable = Readonly<Record<string, Scope>>;

/** Returns the scopes of a table in its order: all of them, or those for one kind of subject. */
export const scopesOf = (table: ScopeTable, grantedTo?: Scope['grantedTo']): Scope[] =>
  Object.values(table).filter((scope) => grantedTo === undefined || scope.grantedTo === grantedTo);

/** Returns the names of scopes: `scopeNames(scopesOf(contactScopes, 'users'))`. */
export const scopeNames = (scopes: readonly Scope[]): string[] => scopes.map(({ name }) => name);

/** Returns the description of each scope by its name, beginning with a capital letter, as OpenAPI lists them. */
export const scopeDescriptions = (scopes: readonly Scope[]): Record<string, string> =>
  Object.fromEntries(
    scopes.map(({ name, description }) => [name, description.replace(/^./, (first) => first.toUpperCase())]),
  );
