import type { Prompt, ResponseModeName } from '@trefoil/oauth-protocol';
import type { RequestedClaims } from '../../grants/grant.entity.js';

/** The pages of the provider itself for which users sign in. */
export type OwnPage = '/account' | '/admin';

/** An authorization request that has passed all checks. It is plain JSON, because the state store keeps it. */
export interface AuthorizationRequest {
  /** The requesting client; the issuer when the request comes from a page of the provider itself. */
  readonly clientId: string;
  /** The requested redirect URI. On loopback its port may differ from the registered one. */
  readonly redirectUri: string;
  readonly responseMode: ResponseModeName;
  readonly state?: string;
  /** The `request_uri`, when the request was pushed (RFC 9126). */
  readonly pushedAs?: string;
  readonly scopes: readonly string[];
  /** The identifiers of the resource servers that the grant will cover, the default first (RFC 8707 §2). */
  readonly resources: readonly string[];
  /** The S256 code challenge (RFC 7636 §4.2). */
  readonly codeChallenge?: string;
  /** The thumbprint of the key to which the code will be bound (RFC 9449 §10). */
  readonly dpopJkt?: string;
  readonly nonce?: string;
  readonly prompt: readonly Prompt[];
  /** The greatest allowed age of the sign-in, in seconds. */
  readonly maxAge?: number;
  readonly loginHint?: string;
  /** The id of the device authorization, when a device made the request (RFC 8628). */
  readonly deviceAuthorization?: string;
  /** The page of the provider, when such a page made the request. It needs a sign-in and nothing more. */
  readonly ownPage?: OwnPage;
  /** The users who may sign in, by the subjects under which the client knows them; absent when every user may. */
  readonly subjects?: readonly string[];
  /**
   * The accepted authentication context classes (OpenID Connect Core §5.5.1.1); absent when every class is accepted.
   */
  readonly classes?: readonly string[];
  /** The claims that were requested in addition to those of the scopes (OpenID Connect Core §5.5). */
  readonly claims?: RequestedClaims;
}

/** Returns the URL at which a browser continues a pending authorization after each page. */
export const continuationOf = ({ id, request }: { id: string; request: AuthorizationRequest }): string =>
  request.ownPage ??
  `${request.deviceAuthorization === undefined ? '/authorize' : '/device'}/continue?authorization=${id}`;

/** Returns whether the response goes through this browser to a client, not to a device or a page of the provider. */
export const isForClient = ({ ownPage, deviceAuthorization }: AuthorizationRequest): boolean =>
  ownPage === undefined && deviceAuthorization === undefined;
