import type { Prompt, ResponseModeName } from '@trefoil/oauth-protocol';
import type { RequestedClaims } from '../../grants/grant.entity.js';

/** The pages of the provider itself for which people sign in. */
export type OwnPage = '/account' | '/admin';

/** An authorization request that has passed every check; plain JSON, because it waits in the state store. */
export interface AuthorizationRequest {
  /** The client that asks; the issuer when it is a page of the provider itself. */
  readonly clientId: string;
  /** As it was asked for, which on loopback may have another port than the registered one. */
  readonly redirectUri: string;
  readonly responseMode: ResponseModeName;
  readonly state?: string;
  /** The `request_uri` of the pushed request that it is (RFC 9126). */
  readonly pushedAs?: string;
  readonly scopes: readonly string[];
  /** The resource servers that the grant will open, the default one first (RFC 8707 §2). */
  readonly resources: readonly string[];
  /** S256 (RFC 7636 §4.2). */
  readonly codeChallenge?: string;
  /** The thumbprint of the key that the code is bound to (RFC 9449 §10). */
  readonly dpopJkt?: string;
  readonly nonce?: string;
  readonly prompt: readonly Prompt[];
  /** Seconds since the person last proved who they are. */
  readonly maxAge?: number;
  readonly loginHint?: string;
  /** The device that waits for it, when it was asked for on another device (RFC 8628). */
  readonly deviceAuthorization?: string;
  /** The page of the provider that asks, when no client does: signing in is all that is wanted then. */
  readonly ownPage?: OwnPage;
  /** The people, as the client knows them, one of whom is to sign in; absent when anybody may. */
  readonly subjects?: readonly string[];
  /** The classes of authentication one of which must be reached (OpenID Connect Core §5.5.1.1); absent when any will do. */
  readonly classes?: readonly string[];
  /** Claims asked for one by one, beside those of the scopes (OpenID Connect Core §5.5). */
  readonly claims?: RequestedClaims;
}
