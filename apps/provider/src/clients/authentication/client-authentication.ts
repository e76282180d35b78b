import { Inject, Injectable } from '@nestjs/common';
import { invalidClient, invalidRequest, OAuthError, type Parameters, securityProfile } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import { ProviderAdmission } from '../../database/provider-admission.js';
import type { RequestWithCredentials, RequestWithOrigin } from '../../http/http-message.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { UsageCounter } from '../../security-events/usage/usage-counter.js';
import type { Client } from '../client.entity.js';
import { Clients } from '../clients.js';
import { ClientJwtError } from '../keys/client-jwts.js';
import { ClientMetadataDocuments } from '../metadata-documents/client-metadata-documents.js';
import {
  type AuthenticationMethod,
  ClientCertificateError,
  type PresentedCredentials,
} from './authentication-method.js';
import { AUTHENTICATION_METHODS } from './authentication-methods.js';

type ClientRequest = RequestWithOrigin & RequestWithCredentials;

/** The credentials of a request and the method that read them. */
interface Presented {
  readonly method: AuthenticationMethod;
  readonly credentials: PresentedCredentials;
}

/** Authenticates the clients that send requests (RFC 6749 §2.3). */
@Injectable()
export class ClientAuthentication {
  constructor(
    private readonly clients: Clients,
    private readonly documents: ClientMetadataDocuments,
    private readonly events: SecurityEvents,
    private readonly usage: UsageCounter,
    private readonly admission: ProviderAdmission,
    @Inject(AUTHENTICATION_METHODS) private readonly methods: readonly AuthenticationMethod[],
  ) {}

  /**
   * Returns the client that sends a request. Limits failures by network and records them as security events. Correct
   * credentials are never refused, not even from a network over its limit.
   *
   * @throws OAuthError `invalid_client` when the client is unknown, uses a method for which it is not registered, or fails
   * to prove its identity; `invalid_request` when it uses several methods.
   * @throws TooManyRequestsError instead of `invalid_client` when the network has failed too often.
   */
  async authenticate(request: ClientRequest, parameters: Parameters): Promise<Client> {
    const [first, ...others] = await this.presentedBy(request, parameters);
    const client = await this.find(first.credentials.clientId);
    const registered = [first, ...others].find((each) => each.method.name === client?.tokenEndpointAuthMethod);
    const { method, credentials } = registered ?? first;
    const failure = await failureOf(client, method, credentials);
    if (client && !failure) return client;
    if (client) this.usage.count('refused', client.clientId);
    await this.recordFailure(request, method, credentials.clientId);
    throw invalidClient('client authentication failed', { cause: failure });
  }

  /** Finds a client. The first request of a client with a metadata document may be one to this endpoint, so it reads the document. */
  private async find(clientId: string): Promise<Client | null> {
    const known = await this.clients.find(clientId);
    if (known) return known;
    await this.documents.refresh(clientId);
    return this.clients.find(clientId);
  }

  /** Returns the credentials of a request. There are several when only the registration tells which method it uses. */
  private async presentedBy(request: ClientRequest, parameters: Parameters): Promise<[Presented, ...Presented[]]> {
    const found: Presented[] = [];
    for (const method of this.methods) {
      const credentials = await this.read(method, request, parameters);
      if (credentials) found.push({ method, credentials });
    }
    const [presented, ...more] = found;
    if (!presented) throw invalidClient('the request does not say which client sends it');
    if (more.length > 0 && !found.every((each) => each.method.isImplicit))
      throw invalidRequest('a client must use exactly one way to authenticate (RFC 6749 section 2.3)');
    const named = parameters.get('client_id');
    if (named !== undefined && named !== presented.credentials.clientId) {
      throw invalidRequest('client_id is not the client that authenticates');
    }
    return [presented, ...more];
  }

  /** Reads credentials with one method, and also records those that are too malformed to name a client. */
  private async read(
    method: AuthenticationMethod,
    request: ClientRequest,
    parameters: Parameters,
  ): Promise<PresentedCredentials | undefined> {
    try {
      return method.read(request, parameters);
    } catch (error) {
      if (error instanceof OAuthError && error.code === 'invalid_client') await this.recordFailure(request, method);
      throw error;
    }
  }

  private async recordFailure(
    request: RequestWithOrigin,
    { name: method }: AuthenticationMethod,
    clientId?: string,
  ): Promise<void> {
    await this.admission.admit('client-authentication', networkOf(request.ip));
    const event = { type: 'client-authentication', outcome: 'failure', clientId, details: { method } } as const;
    await this.events.record({ ...event, ...originOf(request) });
  }
}

/** Returns the reason of a failure for the log. The answer is the same for every reason, so that it does not reveal which clients exist. */
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
    if (error instanceof ClientJwtError || error instanceof ClientCertificateError) return error;
    throw error;
  }
  if (client && !isRegistered) return new Error(`the client is not registered for ${method.name}`);
  return new Error(client ? 'the credentials are wrong' : 'the client is unknown');
}

function isOpenTo(client: Client, { name }: AuthenticationMethod): boolean {
  const allowed = securityProfile(client.securityProfile).clientAuthentication;
  return client.tokenEndpointAuthMethod === name && allowed.includes(name);
}
