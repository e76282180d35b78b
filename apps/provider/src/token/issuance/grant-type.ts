import type { AccessTokenType, Confirmation, GrantTypeName, Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';
import type { RequestOrigin } from '../../http/request-origin.js';

/** A token request of an authenticated client that is registered for the grant type. */
export interface TokenRequest {
  readonly client: Client;
  readonly parameters: Parameters;
  readonly origin: RequestOrigin;
  /** The key of the request's DPoP proof, or the client certificate, to which the issued tokens are bound (RFC 9449 §5, RFC 8705 §3). */
  readonly confirmation?: Confirmation;
}

/** The successful response to a token request (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: AccessTokenType;
  /** The lifetime of the access token, in seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly issued_token_type?: string;
}

/** The handler of one grant type. */
export interface GrantType {
  /** The value of `grant_type`. */
  readonly name: GrantTypeName;
  /**
   * Issues the tokens of a request.
   *
   * @throws OAuthError when the request is refused (RFC 6749 §5.2).
   */
  handle(request: TokenRequest): Promise<TokenResponse>;
}
