/**
 * The kinds of subjects that a scope can be granted to. `users`: a user grants the scope to a client by consent.
 * `administrators`: the same, but only an administrator can register a client for it, and only administrators can use it.
 * `machines`: a client that acts for itself gets the scope by registration.
 */
export const SUBJECT_KINDS = ['users', 'administrators', 'machines'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Describes a scope of a resource server. */
export interface Scope {
  /** The scope as it stands in requests and tokens, such as `contacts:read` (RFC 6749 §3.3). */
  readonly name: string;
  /** Completes "The application wants to …" on the consent page, such as `see your contacts`. */
  readonly description: string;
  /** The kinds of subjects that may be granted the scope, at least one. */
  readonly grantedTo: readonly SubjectKind[];
}

/** Returns whether users can grant a scope to a client; among them may be administrators only. */
export const isGrantedByUsers = ({ grantedTo }: Pick<Scope, 'grantedTo'>): boolean =>
  grantedTo.some((kind) => kind !== 'machines');

/** The scopes of one resource server, by a short name for the code. */
export type ScopeTable = Readonly<Record<string, Scope>>;

/** Returns the scopes of a table in its order: all of them, or those for one kind of subject. */
export const scopesOf = (table: ScopeTable, kind?: SubjectKind): Scope[] =>
  Object.values(table).filter((scope) => kind === undefined || scope.grantedTo.includes(kind));

/** Returns the names of scopes: `scopeNames(scopesOf(contactScopes, 'users'))`. */
export const scopeNames = (scopes: readonly Scope[]): string[] => scopes.map(({ name }) => name);

/** Returns the description of each scope by its name, beginning with a capital letter, as OpenAPI lists them. */
export const scopeDescriptions = (scopes: readonly Scope[]): Record<string, string> =>
  Object.fromEntries(
    scopes.map(({ name, description }) => [name, description.replace(/^./, (first) => first.toUpperCase())]),
  );
