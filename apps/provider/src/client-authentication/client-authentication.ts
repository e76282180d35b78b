import { Inject, Injectable } from '@nestjs/common';
import { invalidClient, invalidRequest, type Parameters, securityProfile } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { ClientDocuments } from '../client-metadata/client-documents.js';
import type { Client } from '../model/clients/client.entity.js';
import { ClientJwtError } from '../model/clients/client-jwts.js';
import { Clients } from '../model/clients/clients.js';
import { originOf } from '../model/security-events/request-origin.js';
import { SecurityEvents } from '../model/security-events/security-events.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';
import { AUTHENTICATION_METHODS } from './authentication-methods.js';

interface Presented {
  readonly method: AuthenticationMethod;
  readonly credentials: PresentedCredentials;
}

/** Finds out which client sends a request (RFC 6749 §2.3). */
@Injectable()
export class ClientAuthentication {
  constructor(
    private readonly clients: Clients,
    private readonly documents: ClientDocuments,
    private readonly events: SecurityEvents,
    @Inject(AUTHENTICATION_METHODS) private readonly methods: readonly AuthenticationMethod[],
  ) {}

  /**
   * The client that sends a request.
   *
   * @throws OAuthError `invalid_client` when it is unknown, uses another method than it is registered for, or proves
   * nothing; `invalid_request` when it uses several methods. The refusal is recorded.
   */
  async authenticate(request: FastifyRequest, parameters: Parameters): Promise<Client> {
    const { method, credentials } = this.presentedBy(request, parameters);
    const client = await this.find(credentials.clientId);
    const failure = await failureOf(client, method, credentials);
    if (client && !failure) return client;
    await this.events.record({
      type: 'client-authentication',
      outcome: 'failure',
      clientId: credentials.clientId,
      details: { method: method.name },
      ...originOf(request),
    });
    throw invalidClient('client authentication failed', { cause: failure });
  }

  /** A client that describes itself may be met here first, when it pushes a request. */
  private async find(clientId: string): Promise<Client | null> {
    const known = await this.clients.find(clientId);
    if (known) return known;
    await this.documents.refresh(clientId);
    return this.clients.find(clientId);
  }

  private presentedBy(request: FastifyRequest, parameters: Parameters): Presented {
    const [presented, ...more] = this.methods.flatMap((method) => {
      const credentials = method.read(request, parameters);
      return credentials ? [{ method, credentials }] : [];
    });
    if (!presented) throw invalidClient('the request does not say which client sends it');
    if (more.length > 0) throw invalidRequest('a client must use exactly one way to authenticate (RFC 6749 §2.3)');
    const named = parameters.get('client_id');
    if (named !== undefined && named !== presented.credentials.clientId) {
      throw invalidRequest('client_id is not the client that authenticates');
    }
    return presented;
  }
}

/** Why a client is not believed, for the log; the answer is the same for all, unknown clients included. */
async function failureOf(
  client: Client | null,
  method: AuthenticationMethod,
  credentials: PresentedCredentials,
): Promise<Error | undefined> {
  const isRegistered = client !== null && isOpenTo(client, method);
  try {
    const proven = await credentials.proves(isRegistered ? client : null);
    if (proven) return undefined;
  } catch (error) {
    if (error instanceof ClientJwtError) return error;
    throw error;
  }
  if (client && !isRegistered) return new Error(`the client is not registered for ${method.name}`);
  return new Error(client ? 'what it presents is wrong' : 'the client is unknown');
}

function isOpenTo(client: Client, { name }: AuthenticationMethod): boolean {
  const allowed = securityProfile(client.securityProfile).clientAuthentication;
  return client.tokenEndpointAuthMethod === name && allowed.includes(name);
}
