import { Injectable } from '@nestjs/common';
import { invalidClient, invalidRequest, type Parameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../model/clients/client.entity.js';
import { Clients, isSecretOf } from '../model/clients/clients.js';
import { originOf } from '../model/security-events/request-origin.js';
import { SecurityEvents } from '../model/security-events/security-events.js';
import { clientSecretBasic } from './client-secret-basic.js';
import { clientSecretPost } from './client-secret-post.js';
import { none } from './none.js';
import type { CredentialsReader, PresentedCredentials } from './presented-credentials.js';

/** Every way a client may present itself. */
const READERS: readonly CredentialsReader[] = [clientSecretBasic, clientSecretPost, none];

/** Finds out which client sends a request (RFC 6749 §2.3). */
@Injectable()
export class ClientAuthentication {
  constructor(
    private readonly clients: Clients,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * The client that sends a request.
   *
   * @throws OAuthError `invalid_client` when it is unknown, uses another method than it is registered for, or proves
   * nothing; `invalid_request` when it uses several methods. The refusal is recorded.
   */
  async authenticate(request: FastifyRequest, parameters: Parameters): Promise<Client> {
    const presented = presentedBy(request, parameters);
    const client = await this.clients.find(presented.clientId);
    const proven = proves(client, presented);
    if (client && proven) return client;
    await this.events.record({
      type: 'client-authentication',
      outcome: 'failure',
      clientId: presented.clientId,
      details: { method: presented.method },
      ...originOf(request),
    });
    throw invalidClient('client authentication failed');
  }
}

function presentedBy(request: FastifyRequest, parameters: Parameters): PresentedCredentials {
  const [presented, ...more] = READERS.flatMap((read) => read(request.headers, parameters) ?? []);
  if (!presented) throw invalidClient('the request does not say which client sends it');
  if (more.length > 0) throw invalidRequest('a client must use exactly one way to authenticate (RFC 6749 §2.3)');
  const named = parameters.get('client_id');
  if (named !== undefined && named !== presented.clientId) {
    throw invalidRequest('client_id is not the client that authenticates');
  }
  return presented;
}

function proves(client: Client | null, { method, secret }: PresentedCredentials): boolean {
  const secretFits = isSecretOf(client, secret ?? '');
  return client?.tokenEndpointAuthMethod === method && (method === 'none' || secretFits);
}
