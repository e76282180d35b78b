import type { ClientAuthenticationMethod, Parameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../client.entity.js';

/** Who a request says it comes from, and the proof it brings. */
export interface PresentedCredentials {
  readonly clientId: string;
  /**
   * Whether the proof holds for the client of that id; null when there is none, which must take as long.
   *
   * @throws ClientJwtError saying why it does not; only the log may tell.
   */
  proves(client: Client | null): boolean | Promise<boolean>;
}

/** One way for a client to show who it is: its name in the registration, how it is read, and what it proves. */
export interface AuthenticationMethod {
  readonly name: ClientAuthenticationMethod;

  /**
   * Reads what a request presents this way; undefined when it does not use it.
   *
   * @throws OAuthError when it uses it wrongly.
   */
  read(request: FastifyRequest, parameters: Parameters): PresentedCredentials | undefined;
}
