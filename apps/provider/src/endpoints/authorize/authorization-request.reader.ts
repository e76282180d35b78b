import { Inject, Injectable } from '@nestjs/common';
import { invalidRequest, OAuthError, type Parameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../model/clients/client.entity.js';
import { Clients } from '../../model/clients/clients.js';
import type { AuthorizationRequest } from '../../model/pending-authorizations/authorization-request.js';
import { ResourceServers } from '../../model/resource-servers/resource-servers.js';
import { checkAuthorizationRequest, type ReturnAddress } from './check-authorization-request.js';
import { checkRedirectUri } from './checks/check-redirect-uri.js';

/** A request whose client is known and may be sent an answer. */
export interface AddressedRequest {
  readonly parameters: Parameters;
  readonly client: Client;
  readonly address: ReturnAddress;
}

/** Reads authorization requests in two parts: what is wrong in the first is shown, in the second sent to the client. */
@Injectable()
export class AuthorizationRequestReader {
  constructor(
    private readonly clients: Clients,
    private readonly resourceServers: ResourceServers,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Finds out who asks and where the answer may go (OAuth 2.1 §4.1.2.1).
   *
   * @throws ProblemError to be shown, because there is nowhere to send it.
   */
  async findAddress(readParameters: () => Parameters): Promise<AddressedRequest> {
    try {
      const parameters = readParameters();
      const clientId = parameters.require('client_id');
      const client = await this.clients.find(clientId);
      if (!client) throw invalidRequest('client_id is not one that is registered here');
      const redirectUri = checkRedirectUri({ parameters, client });
      const [state, ...repeated] = parameters.all('state');
      return { parameters, client, address: { clientId, redirectUri, ...(repeated.length === 0 && { state }) } };
    } catch (error) {
      throw error instanceof OAuthError ? unanswerable(error) : error;
    }
  }

  /**
   * Checks everything else.
   *
   * @throws OAuthError to be sent to the client.
   */
  async check({ parameters, client, address }: AddressedRequest): Promise<AuthorizationRequest> {
    const resourceServers = await this.resourceServers.all();
    const accountApi = accountApiIdentifier(this.config);
    return checkAuthorizationRequest({ parameters, client, resourceServers, accountApi }, address);
  }
}

const unanswerable = (cause: OAuthError): ProblemError =>
  new ProblemError(400, 'This sign-in cannot be started', {
    detail:
      `The application that sent you here made a mistake in its request: ${cause.description}. ` +
      'Go back and try again; if it happens again, tell those who run it.',
    cause,
  });
