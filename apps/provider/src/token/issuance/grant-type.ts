import type { AccessTokenType, Confirmation, GrantTypeName, Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';
import type { RequestOrigin } from '../../http/request-origin.js';

/** A token request whose client is known and registered for the grant type. */
export interface TokenRequest {
  readonly client: Client;
  readonly parameters: Parameters;
  readonly origin: RequestOrigin;
  /** The key that the client proved to hold, to which what is issued is bound (RFC 9449 §5). */
  readonly confirmation?: Confirmation;
}

/** The answer to a token request (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: AccessTokenType;
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly issued_token_type?: string;
}

/** One way to obtain tokens: its name on the wire, and what it does. */
export interface GrantType {
  readonly name: GrantTypeName;
  handle(request: TokenRequest): Promise<TokenResponse>;
}
