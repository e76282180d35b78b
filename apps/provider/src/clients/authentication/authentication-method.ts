import type { ClientAuthenticationMethod, Parameters } from '@trefoil/oauth-protocol';
import type { RequestWithCredentials } from '../../http/http-message.js';
import type { Client } from '../client.entity.js';

/** The client id that a request presents, and the proof for it. */
export interface PresentedCredentials {
  readonly clientId: string;
  /**
   * Returns whether the proof holds.
   *
   * @param client the client with that id, or null when it is unknown or registered for another method. The check must take
   * as long in that case, so that the time reveals nothing.
   * @throws ClientJwtError, ClientCertificateError when a JWT or a certificate is refused. The message goes to the log only.
   */
  proves(client: Client | null): boolean | Promise<boolean>;
}

/** A client authentication method (RFC 6749 §2.3). */
export interface AuthenticationMethod {
  /** The name of the method in `token_endpoint_auth_method` (RFC 7591 §2). */
  readonly name: ClientAuthenticationMethod;

  /**
   * Whether the request only names the client, and has no header or parameter of this method. Then the registration of the
   * client decides which of these methods it uses.
   */
  readonly isImplicit?: boolean;

  /**
   * Reads the credentials of a request, or returns undefined when the request does not use this method.
   *
   * @throws OAuthError when the credentials are malformed.
   */
  read(request: RequestWithCredentials, parameters: Parameters): PresentedCredentials | undefined;
}

/** Reports why the certificate of a client is refused. */
export class ClientCertificateError extends Error {
  override readonly name = 'ClientCertificateError';
}
