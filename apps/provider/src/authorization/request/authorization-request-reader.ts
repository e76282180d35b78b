import { Inject, Injectable } from '@nestjs/common';
import {
  invalidRequest,
  invalidRequestUri,
  OAuthError,
  type Parameters,
  requestUriNotSupported,
} from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { ClientMetadataDocuments } from '../../clients/metadata-documents/client-metadata-documents.js';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { IdTokenHintReader } from '../../sessions/id-token-hint-reader.js';
import type { AuthorizationRequest } from '../interaction/authorization-request.js';
import { isPushedRequestUri, type PushedContent, PushedRequests } from './pushed-requests.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { checkAuthorizationRequest, type ReturnAddress } from './check-authorization-request.js';
import { stateOf } from './checks/check-lengths.js';
import { checkRedirectUri } from './checks/check-redirect-uri.js';
import { responseModeOf } from './checks/check-response-mode.js';
import { RequestObjectReader } from './request-object-reader.js';

/** The parameters of a request, from the query or form, from a request object, or from an earlier push. */
interface Requested {
  readonly parameters: Parameters;
  /** The `request_uri`, when the request was pushed. */
  readonly pushedAs?: string;
  /** Whether all parameters come from a signed request object. */
  readonly isSigned?: boolean;
  /** The error of the request object or `request_uri`, when it cannot be accepted. */
  readonly refusal?: OAuthError;
}

/** A request whose client and redirect URI are known, so that a response can be sent. */
export interface AddressedRequest extends Requested {
  readonly client: Client;
  readonly address: ReturnAddress;
}

/**
 * Reads authorization requests in two steps. The first step shows its errors to the user, the second sends them to the
 * client.
 */
@Injectable()
export class AuthorizationRequestReader {
  constructor(
    private readonly clients: Clients,
    private readonly documents: ClientMetadataDocuments,
    private readonly resourceServers: ResourceServers,
    private readonly requestObjects: RequestObjectReader,
    private readonly pushed: PushedRequests,
    private readonly hints: IdTokenHintReader,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Identifies the client and the redirect URI of a request (OAuth 2.1 §4.1.2.1).
   *
   * @throws ProblemError to show to the user, because no address is known to which it could be sent.
   */
  async findAddress(readParameters: () => Parameters): Promise<AddressedRequest> {
    try {
      const sent = readParameters();
      const clientId = sent.require('client_id');
      await this.documents.refresh(clientId);
      const client = await this.clients.find(clientId);
      if (!client) throw invalidRequest('client_id is not registered here');
      const requested = await this.requestedBy(sent, client);
      return { ...requested, client, address: addressOf(requested, client) };
    } catch (error) {
      throw error instanceof OAuthError ? unanswerable(error) : error;
    }
  }

  /**
   * Checks all other parameters of a request.
   *
   * @throws OAuthError to send to the client.
   */
  async check({ client, address, ...requested }: AddressedRequest): Promise<AuthorizationRequest> {
    const { pushedAs } = requested;
    const request = await this.checkRequested(requested, client, address, pushedAs !== undefined);
    return { ...request, ...(pushedAs !== undefined && { pushedAs }) };
  }

  /**
   * Checks a request that a client pushes, and returns the parameters to store (RFC 9126 §2.1).
   *
   * @throws OAuthError for the response to the push.
   */
  async checkPushed(sent: Parameters, client: Client): Promise<PushedContent> {
    if (sent.has('request_uri')) throw invalidRequest('request_uri must not be pushed (RFC 9126 section 2.1)');
    const requested = await this.requestedBy(sent, client);
    const { parameters, isSigned = false } = requested;
    await this.checkRequested(requested, client, addressOf(requested, client), true);
    return { parameters, isSigned };
  }

  /**
   * Finishes a request before its response is sent. A pushed request gets one response only.
   *
   * @throws ProblemError to show to the user, when the response was sent before.
   */
  async finish({ pushedAs }: Pick<AuthorizationRequest, 'pushedAs'>): Promise<void> {
    if (pushedAs === undefined || (await this.pushed.consume(pushedAs))) return;
    throw unanswerable(invalidRequestUri('request_uri was used before'));
  }

  /** Reads the parameters. Those beside a request object or a `request_uri` are ignored (RFC 9101 §5). */
  private async requestedBy(sent: Parameters, client: Client): Promise<Requested> {
    const requestUri = sent.get('request_uri');
    const requestObject = sent.get('request');
    if (requestUri !== undefined && requestObject !== undefined) {
      return { parameters: sent, refusal: invalidRequest('request and request_uri exclude each other') };
    }
    if (requestUri !== undefined) return this.findPushed(requestUri, sent, client);
    if (requestObject === undefined) return { parameters: sent };
    try {
      return { parameters: await this.requestObjects.read(requestObject, client), isSigned: true };
    } catch (error) {
      if (error instanceof OAuthError) return { parameters: sent, refusal: error };
      throw error;
    }
  }

  private async findPushed(requestUri: string, sent: Parameters, { clientId }: Client): Promise<Requested> {
    if (!isPushedRequestUri(requestUri)) {
      return {
        parameters: sent,
        refusal: requestUriNotSupported('request_uri must come from the pushed authorization request endpoint'),
      };
    }
    const pushed = await this.pushed.find(requestUri, clientId);
    if (!pushed) throw invalidRequestUri('request_uri is unknown, has expired or was used before');
    return { ...pushed, pushedAs: requestUri };
  }

  private async checkRequested(
    { parameters, isSigned, refusal }: Requested,
    client: Client,
    address: ReturnAddress,
    isPushed: boolean,
  ): Promise<AuthorizationRequest> {
    if (refusal) throw refusal;
    const resourceServers = await this.resourceServers.all();
    const accountApi = accountApiIdentifier(this.config);
    const [hint] = parameters.all('id_token_hint');
    const idTokenHint = hint === undefined ? undefined : await this.hints.read(hint);
    const context = { parameters, client, resourceServers, accountApi, idTokenHint, isPushed, isSigned };
    return checkAuthorizationRequest(context, address);
  }
}

/**
 * Returns the address to which the response will be sent.
 *
 * @throws OAuthError when the redirect URI is missing or not registered; when the request has another error, that
 * error.
 */
function addressOf({ parameters, refusal }: Requested, client: Client): ReturnAddress {
  try {
    const redirectUri = checkRedirectUri({ parameters, client });
    const responseMode = responseModeOf({ parameters, client });
    return { clientId: client.clientId, redirectUri, responseMode, state: stateOf({ parameters }) };
  } catch (error) {
    throw refusal ?? error;
  }
}

/** Returns the error page for a request to which no response can be sent. */
const unanswerable = (cause: OAuthError): ProblemError =>
  new ProblemError(400, 'This sign-in cannot be started', {
    detail:
      `The application that sent you here made a mistake in its request: ${cause.description}. ` +
      'Go back and try again. If it happens again, tell the operator of the application.',
    cause,
  });
