import { Inject, Injectable } from '@nestjs/common';
import { invalidClient, invalidRequest, OAuthError, type Parameters, securityProfile } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { ClientDocuments } from '../metadata/client-documents.js';
import type { Client } from '../client.entity.js';
import { ClientJwtError } from '../client-jwts.js';
import { Clients } from '../clients.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { UsageCounter } from '../../security-events/usage/usage-counter.js';
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
    private readonly usage: UsageCounter,
    @Inject(AUTHENTICATION_METHODS) private readonly methods: readonly AuthenticationMethod[],
  ) {}

  /**
   * The client that sends a request.
   *
   * @throws OAuthError `invalid_client` when it is unknown, uses another method than it is registered for, or proves
   * nothing; `invalid_request` when it uses several methods. The refusal is recorded.
   */
  async authenticate(request: FastifyRequest, parameters: Parameters): Promise<Client> {
    const { method, credentials } = await this.presentedBy(request, parameters);
    const client = await this.find(credentials.clientId);
    const failure = await failureOf(client, method, credentials);
    if (client && !failure) return client;
    if (client) this.usage.count('refused', client.clientId);
    await this.recordFailure(request, method, credentials.clientId);
    throw invalidClient('client authentication failed', { cause: failure });
  }

  /** A client that describes itself may be met here first, when it pushes a request. */
  private async find(clientId: string): Promise<Client | null> {
    const known = await this.clients.find(clientId);
    if (known) return known;
    await this.documents.refresh(clientId);
    return this.clients.find(clientId);
  }

  private async presentedBy(request: FastifyRequest, parameters: Parameters): Promise<Presented> {
    const found: Presented[] = [];
    for (const method of this.methods) {
      const credentials = await this.read(method, request, parameters);
      if (credentials) found.push({ method, credentials });
    }
    const [presented, ...more] = found;
    if (!presented) throw invalidClient('the request does not say which client sends it');
    if (more.length > 0)
      throw invalidRequest('a client must use exactly one way to authenticate (RFC 6749 section 2.3)');
    const named = parameters.get('client_id');
    if (named !== undefined && named !== presented.credentials.clientId) {
      throw invalidRequest('client_id is not the client that authenticates');
    }
    return presented;
  }

  /** What is so malformed that it names no client was an attempt too. */
  private async read(
    method: AuthenticationMethod,
    request: FastifyRequest,
    parameters: Parameters,
  ): Promise<PresentedCredentials | undefined> {
    try {
      return method.read(request, parameters);
    } catch (error) {
      if (error instanceof OAuthError && error.code === 'invalid_client') await this.recordFailure(request, method);
      throw error;
    }
  }

  private recordFailure(request: FastifyRequest, { name: method }: AuthenticationMethod, clientId?: string) {
    const event = { type: 'client-authentication', outcome: 'failure', clientId, details: { method } } as const;
    return this.events.record({ ...event, ...originOf(request) });
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
