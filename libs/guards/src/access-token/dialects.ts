import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { Payload } from './claim-paths.js';
import { type SubjectKind, subjectKindOf } from './subject-kind.js';

/** Describes the access tokens of a kind of provider. */
export interface DialectDescription {
  /** The accepted values of the header `typ`, in lower case; undefined accepts a header without it. */
  readonly types: readonly (string | undefined)[];
  /** Whether the tokens may also be for other servers. */
  readonly audience: 'the only one' | 'one of several';
  /** The names of claims, the preferred one first; undefined when they are those of RFC 9068. */
  readonly claims?: {
    readonly subject: readonly string[];
    readonly client: readonly string[];
    readonly id: readonly string[];
    readonly scope: readonly string[];
  };
  readonly roles: string;
  /** Whether the tokens are no JWTs, so that their claims are those of an introspection response (RFC 7662 §2.2). */
  readonly isOpaque?: boolean;
  /** Whether the roles of a machine are also its scopes, because the provider grants machines no scopes. */
  readonly machineRolesAreScopes?: boolean;
  /** Returns whether a JWT is an access token, where the header does not say so. */
  isAccessToken(payload: Payload): boolean;
  /**
   * Returns whether a token belongs to a user or to a machine; undefined when it is neither.
   *
   * @param payload The claims as the provider wrote them.
   */
  kindOf(claims: AccessTokenClaims, payload: Payload): SubjectKind | undefined;
}

/** The claims of ID tokens, logout tokens and security event tokens, which no access token has. */
const OTHER_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events', 'sub_id'];
const hasNoOtherTokenClaim = (payload: Payload): boolean => !OTHER_TOKENS.some((name) => name in payload);

/** Refuses an exchanged token that names no session: it may have been exchanged for the token of a machine (RFC 8693 §4.1). */
const unlessExchanged = ({ act, sid }: AccessTokenClaims): SubjectKind | undefined =>
  act === undefined || sid !== undefined ? 'user' : undefined;

const JWT_TYPES = ['at+jwt', 'jwt', undefined];

const OPENID = {
  types: JWT_TYPES,
  audience: 'one of several',
  claims: {
    subject: ['sub'],
    client: ['client_id', 'azp', 'cid', 'appid'],
    id: ['jti', 'uti'],
    scope: ['scope', 'scp'],
  },
  roles: 'roles',
  isAccessToken: hasNoOtherTokenClaim,
  kindOf: (claims, { sub }) => (sub === claims.client_id ? 'machine' : unlessExchanged(claims)),
} as const satisfies DialectDescription;

/**
 * The dialects of access tokens. Only `rfc9068`, the default, is as strict as RFC 9068 §4. The others are for providers whose
 * tokens differ from it; docs/replacing.md says what each of them accepts.
 */
export const TOKEN_DIALECTS = {
  rfc9068: {
    types: ['at+jwt'],
    audience: 'the only one',
    roles: 'roles',
    isAccessToken: () => true,
    kindOf: subjectKindOf,
  },
  openid: OPENID,
  keycloak: {
    ...OPENID,
    claims: { ...OPENID.claims, client: ['azp', 'client_id'] },
    roles: 'realm_access.roles',
    // Its ID tokens and refresh tokens have other values.
    isAccessToken: ({ typ }) => typ === 'Bearer' || typ === 'DPoP',
    // A user can choose a name that begins like that of a service account, but always has a session.
    kindOf: ({ sid, client_id }, { preferred_username }) => {
      if (sid !== undefined) return 'user';
      return preferred_username === `service-account-${client_id.toLowerCase()}` ? 'machine' : undefined;
    },
  },
  entra: {
    ...OPENID,
    // The `sub` of a user differs for each application.
    claims: { ...OPENID.claims, subject: ['oid', 'sub'], client: ['azp', 'appid'], id: ['uti'], scope: ['scp'] },
    machineRolesAreScopes: true,
    kindOf: (_claims, { idtyp, scp, oid, sub }) => {
      if (scp !== undefined) return idtyp === undefined || idtyp === 'user' ? 'user' : undefined;
      return idtyp === 'app' || (idtyp === undefined && oid === sub) ? 'machine' : undefined;
    },
  },
  auth0: {
    ...OPENID,
    claims: { ...OPENID.claims, client: ['azp', 'client_id'] },
    roles: 'permissions',
    kindOf: (claims, { gty, sub }) => {
      const isMachine = gty === 'client-credentials' || sub === `${claims.client_id}@clients`;
      return isMachine ? 'machine' : unlessExchanged(claims);
    },
  },
  okta: {
    ...OPENID,
    claims: { ...OPENID.claims, client: ['cid'], scope: ['scp'] },
    roles: 'groups',
    kindOf: ({ client_id }, { uid, sub }) => {
      if (uid !== undefined) return 'user';
      return sub === client_id ? 'machine' : undefined;
    },
  },
  opaque: {
    ...OPENID,
    isOpaque: true,
    // Some providers name no subject for the token of a machine.
    claims: { ...OPENID.claims, subject: ['sub', 'client_id'] },
    // A refresh token may be active too, and has no type.
    isAccessToken: ({ token_type }) => /^(bearer|dpop)$/i.test(String(token_type)),
    kindOf: (claims, { sub }) => (sub === undefined || sub === claims.client_id ? 'machine' : unlessExchanged(claims)),
  },
} as const satisfies Record<string, DialectDescription>;

/** The name of a dialect. */
export type DialectName = keyof typeof TOKEN_DIALECTS;
