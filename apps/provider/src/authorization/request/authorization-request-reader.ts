import { Inject, Injectable } from '@nestjs/common';
import {
  invalidRequest,
  invalidRequestUri,
  OAuthError,
  type Parameters,
  requestUriNotSupported,
} from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { ClientDocuments } from '../../clients/metadata/client-documents.js';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { IdTokenHintReader } from '../../sessions/id-token-hint-reader.js';
import type { AuthorizationRequest } from '../interaction/authorization-request.js';
import { isPushedRequestUri, type PushedContent, PushedRequests } from './pushed-requests.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { checkAuthorizationRequest, type ReturnAddress } from './check-authorization-request.js';
import { checkRedirectUri } from './checks/check-redirect-uri.js';
import { responseModeOf } from './checks/check-response-mode.js';
import { RequestObjectReader } from './request-object-reader.js';

/** What a client asks for, wherever it stood: in the query or form itself, in a request object, or pushed before. */
interface Requested {
  readonly parameters: Parameters;
  /** The `request_uri` of the pushed request it is. */
  readonly pushedAs?: string;
  /** The client has signed it, all of it. */
  readonly isSigned?: boolean;
  /** Why what it refers to cannot be accepted. */
  readonly refusal?: OAuthError;
}

/** A request whose client is known and may be sent an answer. */
export interface AddressedRequest extends Requested {
  readonly client: Client;
  readonly address: ReturnAddress;
}

/** Reads authorization requests in two parts: what is wrong in the first is shown, in the second sent to the client. */
@Injectable()
export class AuthorizationRequestReader {
  constructor(
    private readonly clients: Clients,
    private readonly documents: ClientDocuments,
    private readonly resourceServers: ResourceServers,
    private readonly requestObjects: RequestObjectReader,
    private readonly pushed: PushedRequests,
    private readonly hints: IdTokenHintReader,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Finds out who asks and where the answer may go (OAuth 2.1 §4.1.2.1).
   *
   * @throws ProblemError to be shown, because there is nowhere to send it.
   */
  async findAddress(readParameters: () => Parameters): Promise<AddressedRequest> {
    try {
      const sent = readParameters();
      const clientId = sent.require('client_id');
      await this.documents.refresh(clientId);
      const client = await this.clients.find(clientId);
      if (!client) throw invalidRequest('client_id is not one that is registered here');
      const requested = await this.requestedBy(sent, client);
      return { ...requested, client, address: addressOf(requested, client) };
    } catch (error) {
      throw error instanceof OAuthError ? unanswerable(error) : error;
    }
  }

  /**
   * Checks everything else.
   *
   * @throws OAuthError to be sent to the client.
   */
  async check({ client, address, ...requested }: AddressedRequest): Promise<AuthorizationRequest> {
    const { pushedAs } = requested;
    const request = await this.checkRequested(requested, client, address, pushedAs !== undefined);
    return { ...request, ...(pushedAs !== undefined && { pushedAs }) };
  }

  /**
   * Checks a request that its client pushes and returns what later counts alone (RFC 9126 §2.1).
   *
   * @throws OAuthError for the client, which is told at once whatever it is.
   */
  async checkPushed(sent: Parameters, client: Client): Promise<PushedContent> {
    if (sent.has('request_uri')) throw invalidRequest('request_uri must not be pushed (RFC 9126 section 2.1)');
    const requested = await this.requestedBy(sent, client);
    const { parameters, isSigned = false } = requested;
    await this.checkRequested(requested, client, addressOf(requested, client), true);
    return { parameters, isSigned };
  }

  /**
   * Ends a request before it is answered; one that was pushed is answered once.
   *
   * @throws ProblemError to be shown, when it was answered before.
   */
  async finish({ pushedAs }: Pick<AuthorizationRequest, 'pushedAs'>): Promise<void> {
    if (pushedAs === undefined || (await this.pushed.consume(pushedAs))) return;
    throw unanswerable(invalidRequestUri('request_uri was used before'));
  }

  /** Nothing beside a request object or a `request_uri` counts (RFC 9101 §5). */
  private async requestedBy(sent: Parameters, client: Client): Promise<Requested> {
    const requestUri = sent.get('request_uri');
    const requestObject = sent.get('request');
    if (requestUri !== undefined && requestObject !== undefined) {
      return { parameters: sent, refusal: invalidRequest('request and request_uri exclude each other') };
    }
    if (requestUri !== undefined) return this.referredTo(requestUri, sent, client);
    if (requestObject === undefined) return { parameters: sent };
    try {
      return { parameters: await this.requestObjects.read(requestObject, client), isSigned: true };
    } catch (error) {
      if (error instanceof OAuthError) return { parameters: sent, refusal: error };
      throw error;
    }
  }

  private async referredTo(requestUri: string, sent: Parameters, { clientId }: Client): Promise<Requested> {
    if (!isPushedRequestUri(requestUri)) {
      return { parameters: sent, refusal: requestUriNotSupported('request_uri must be one that was pushed') };
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

/** @throws OAuthError when there is none; the reason why the request is refused anyway goes first. */
function addressOf({ parameters, refusal }: Requested, client: Client): ReturnAddress {
  try {
    const redirectUri = checkRedirectUri({ parameters, client });
    const [state, ...repeated] = parameters.all('state');
    const responseMode = responseModeOf({ parameters, client });
    return { clientId: client.clientId, redirectUri, responseMode, ...(repeated.length === 0 && { state }) };
  } catch (error) {
    throw refusal ?? error;
  }
}

const unanswerable = (cause: OAuthError): ProblemError =>
  new ProblemError(400, 'This sign-in cannot be started', {
    detail:
      `The application that sent you here made a mistake in its request: ${cause.description}. ` +
      'Go back and try again; if it happens again, tell those who run it.',
    cause,
  });
