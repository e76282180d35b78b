import type { ClientAuthenticationMethod, Parameters } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from '../../http/http-message.js';
import type { Client } from '../client.entity.js';

/** The client id that a request presents, and the proof for it. */
export interface PresentedCredentials {
  readonly clientId: string;
  /**
   * Returns whether the proof holds.
   *
   * @param client the client with that id, or null when it is unknown or registered for another method. The check must take
   * as long in that case, so that the time reveals nothing.
   * @throws ClientJwtError when a JWT is refused. The message goes to the log only.
   */
  proves(client: Client | null): boolean | Promise<boolean>;
}

/** A client authentication method (RFC 6749 §2.3). */
export interface AuthenticationMethod {
  /** The name of the method in `token_endpoint_auth_method` (RFC 7591 §2). */
  readonly name: ClientAuthenticationMethod;

  /**
   * Reads the credentials of a request, or returns undefined when the request does not use this method.
   *
   * @throws OAuthError when the credentials are malformed.
   */
  read(request: RequestWithHeaders, parameters: Parameters): PresentedCredentials | undefined;
}
