import { type AccessTokenClaims, sha256 } from '@trefoil/oauth-protocol';
import { claimAt, firstClaim, type Payload, wordsOf } from './claim-paths.js';
import { type DialectDescription, type DialectName, TOKEN_DIALECTS } from './dialects.js';
import type { SubjectKind } from './subject-kind.js';
import { InvalidTokenError } from './verified-access-token.js';

/** Names the claims of a provider whose tokens differ from those of its dialect. A dot leads to a member of a claim. */
export interface ClaimNames {
  /** The claim that identifies the user or the machine. */
  readonly subject?: string | undefined;
  /** The claim with the scopes: a text with spaces, or a list. */
  readonly scope?: string | undefined;
  /** The claim with the roles: a text with spaces, or a list. */
  readonly roles?: string | undefined;
  /** The claim that only the tokens of machines have, and its value. */
  readonly machine?: { readonly claim: string; readonly value: string } | undefined;
}

/** A dialect of {@link TOKEN_DIALECTS}, by name or with claims of other names. */
export type TokenDialect = DialectName | ({ readonly name: Exclude<DialectName, 'rfc9068'> } & ClaimNames);

/** Reads the tokens of one dialect. */
export class DialectReader {
  private readonly description: DialectDescription;
  private readonly names: ClaimNames;

  constructor(dialect: TokenDialect = 'rfc9068') {
    const { name, ...names } = typeof dialect === 'string' ? { name: dialect } : dialect;
    this.description = TOKEN_DIALECTS[name];
    this.names = names;
  }

  /** Whether the tokens are no JWTs. */
  get isOpaque(): boolean {
    return this.description.isOpaque ?? false;
  }

  /** Returns whether the `typ` of a header is that of an access token. */
  acceptsType(typ: unknown): boolean {
    if (typ !== undefined && typeof typ !== 'string') return false;
    const type = typ?.toLowerCase().replace(/^application\//, '');
    return this.description.types.includes(type);
  }

  /** Returns whether `aud` names a server, and no other one where the dialect allows no other (RFC 9068 §5). */
  acceptsAudience(aud: unknown, audience: string): boolean {
    const all: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    return all.includes(audience) && (this.description.audience === 'one of several' || all.length === 1);
  }

  /**
   * Returns the claims under their names in RFC 9068. They are not checked yet.
   *
   * @throws InvalidTokenError when it is another kind of token of the provider.
   */
  read(payload: Payload, token: string): Payload {
    const { claims } = this.description;
    if (!claims) return payload;
    if (!this.description.isAccessToken(payload)) throw new InvalidTokenError('the token is not an access token');
    const scope = this.names.scope ? claimAt(payload, this.names.scope) : firstClaim(payload, claims.scope);
    return {
      ...payload,
      sub: this.names.subject ? claimAt(payload, this.names.subject) : firstClaim(payload, claims.subject),
      client_id: firstClaim(payload, claims.client),
      // Revocation and logs need an id. Not every provider gives its tokens one.
      jti: firstClaim(payload, claims.id) ?? sha256(token).toString('base64url'),
      scope: wordsOf(scope)?.join(' ') ?? scope,
    };
  }

  /** Returns the roles of a token. */
  rolesOf(claims: Payload): readonly string[] {
    const name = this.names.roles ?? this.description.roles;
    return wordsOf(claimAt(claims, name)) ?? [];
  }

  /** Returns the scopes of a token. In some dialects, the roles of a machine are its scopes. */
  scopesOf(claims: AccessTokenClaims, kind: SubjectKind | undefined): readonly string[] {
    const scopes = claims.scope.split(' ').filter(Boolean);
    return kind === 'machine' && this.description.machineRolesAreScopes
      ? [...scopes, ...this.rolesOf({ ...claims })]
      : scopes;
  }

  /** Returns whether a token belongs to a user or to a machine; undefined when it is neither. */
  kindOf(claims: AccessTokenClaims, payload: Payload): SubjectKind | undefined {
    const { machine } = this.names;
    const kind = this.description.kindOf(claims, payload);
    if (!machine) return kind;
    if (claimAt(payload, machine.claim) === machine.value) return 'machine';
    return kind === 'machine' ? undefined : kind;
  }
}
