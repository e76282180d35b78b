import { Inject, Injectable } from '@nestjs/common';
import type { OAuthError } from '@trefoil/oauth-protocol';
import { ResponseSigner } from '@trefoil/token-issuance';
import type { FastifyReply } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Clients } from '../../clients/clients.js';
import { responseAlgorithm } from '../../clients/response-algorithm.js';
import { isUrl } from '../../clients/metadata-documents/document-url.js';
import { findRequestingClient } from '../interaction/requesting-client.js';
import { codeParameters, errorParameters, type ResponseParameters } from './authorization-response.js';
import type { ReturnAddress } from '../request/check-authorization-request.js';
import { sendErrorInterstitial } from './error-interstitial.page.js';
import { OFFERED_RESPONSE_MODES } from './response-modes.js';

/** The lifetime of a signed response, in seconds (JARM §2.1 recommends at most ten minutes). */
const SIGNED_RESPONSE_LIFETIME = 600;

/** Sends authorization responses, codes and errors alike, in the response mode of the request. */
@Injectable()
export class AuthorizationResponder {
  constructor(
    private readonly clients: Clients,
    private readonly signer: ResponseSigner,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** Sends the successful response (OAuth 2.1 §4.1.2). */
  sendCode(reply: FastifyReply, address: ReturnAddress, code: string): Promise<void> {
    return this.send(reply, address, codeParameters(address, this.config.ISSUER, code));
  }

  /**
   * Sends the error response (OAuth 2.1 §4.1.2.1). For a client that registered itself by a metadata document, the user
   * gets a page with a link to the client instead of a redirect (RFC 9700 §4.11.2), unless the user denied the request.
   */
  async sendError(reply: FastifyReply, address: ReturnAddress, error: OAuthError): Promise<void> {
    const parameters = errorParameters(address, this.config.ISSUER, error);
    if (!isUrl(address.clientId) || error.code === 'access_denied') return this.send(reply, address, parameters);
    const mode = OFFERED_RESPONSE_MODES[address.responseMode];
    sendErrorInterstitial(reply, mode, address.redirectUri, await this.contentOf(address, parameters));
  }

  private async send(reply: FastifyReply, address: ReturnAddress, parameters: ResponseParameters): Promise<void> {
    const mode = OFFERED_RESPONSE_MODES[address.responseMode];
    mode.send(reply, address.redirectUri, await this.contentOf(address, parameters));
  }

  /** Returns the parameters in the form of the response mode: signed, or as they are. */
  private async contentOf(
    address: ReturnAddress,
    parameters: ResponseParameters,
  ): Promise<Readonly<Record<string, string>>> {
    const { isSigned } = OFFERED_RESPONSE_MODES[address.responseMode];
    return isSigned ? { response: await this.sign(address, parameters) } : parameters;
  }

  /** Returns the parameters as a signed JWT, with `iss` as its issuer (JARM §2.1). */
  private async sign({ clientId }: ReturnAddress, { iss, ...claims }: ResponseParameters): Promise<string> {
    const client = await findRequestingClient(this.clients, clientId);
    const algorithm = responseAlgorithm(client, client.authorizationSignedResponseAlg);
    return this.signer.sign(algorithm, { iss, aud: clientId, lifetime: SIGNED_RESPONSE_LIFETIME, claims });
  }
}
