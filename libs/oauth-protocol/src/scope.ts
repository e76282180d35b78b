import { invalidScope } from './oauth-error.js';

const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** The scopes OpenID Connect defines, and the claims each one asks for (OpenID Connect Core §5.4). */
export const CLAIMS_OF_SCOPE = {
  openid: ['sub'],
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
  offline_access: [],
} as const satisfies Record<string, readonly string[]>;

/** A scope that OpenID Connect defines; every other scope belongs to a resource server. */
export type OpenIdScope = keyof typeof CLAIMS_OF_SCOPE;

/** Whether a scope is one that OpenID Connect defines. */
export const isOpenIdScope = (scope: string): scope is OpenIdScope => Object.hasOwn(CLAIMS_OF_SCOPE, scope);

/**
 * The scopes of a `scope` parameter, in order and without repetition (RFC 6749 §3.3).
 *
 * @throws OAuthError `invalid_scope` when a token holds a character the grammar forbids.
 */
export function parseScope(scope: string | undefined): string[] {
  const tokens = [...new Set((scope ?? '').split(' ').filter(Boolean))];
  for (const token of tokens) {
    if (!SCOPE_TOKEN.test(token)) throw invalidScope('scope has a character that RFC 6749 §3.3 does not allow');
  }
  return tokens;
}

/** The `scope` value of a set of scopes (RFC 6749 §3.3). */
export const formatScope = (scopes: readonly string[]): string => scopes.join(' ');
