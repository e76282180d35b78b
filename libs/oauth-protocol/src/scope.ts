import { invalidScope } from './oauth-error.js';

const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** Returns whether a text is a scope token (RFC 6749 §3.3). */
export const isScopeToken = (text: string): boolean => SCOPE_TOKEN.test(text);

/** The scopes that OpenID Connect defines, each with the claims that it requests (OpenID Connect Core §5.4). */
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

/** A scope that OpenID Connect defines. Every other scope belongs to a resource server. */
export type OpenIdScope = keyof typeof CLAIMS_OF_SCOPE;

/** Returns whether OpenID Connect defines a scope. */
export const isOpenIdScope = (scope: string): scope is OpenIdScope => Object.hasOwn(CLAIMS_OF_SCOPE, scope);

/**
 * Returns the scopes of a `scope` parameter in their order, each of them once (RFC 6749 §3.3).
 *
 * @throws OAuthError `invalid_scope` when a scope contains a character that the grammar forbids.
 */
export function parseScope(scope: string | undefined): string[] {
  const tokens = [...new Set((scope ?? '').split(' ').filter(Boolean))];
  for (const token of tokens) {
    if (!isScopeToken(token))
      throw invalidScope('scope contains a character that is not allowed (RFC 6749 section 3.3)');
  }
  return tokens;
}

/** Returns the value of a `scope` parameter: the scopes, separated by spaces (RFC 6749 §3.3). */
export const formatScope = (scopes: readonly string[]): string => scopes.join(' ');
