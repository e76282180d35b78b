import { Inject, Injectable } from '@nestjs/common';
import type { OAuthError } from '@trefoil/oauth-protocol';
import { ResponseSigner } from '@trefoil/token-issuance';
import type { FastifyReply } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Clients } from '../../clients/clients.js';
import { responseAlgorithm } from '../../clients/response-algorithm.js';
import { findRequestingClient } from '../interaction/requesting-client.js';
import { codeParameters, errorParameters, type ResponseParameters } from './authorization-response.js';
import type { ReturnAddress } from '../request/check-authorization-request.js';
import { OFFERED_RESPONSE_MODES } from './response-modes.js';

/** Seconds for the browser to carry a signed response to its client (JARM §2.1 recommends at most ten minutes). */
const SIGNED_RESPONSE_LIFETIME = 600;

/** Answers clients, each by the response mode it asked for: errors travel like codes. */
@Injectable()
export class AuthorizationResponder {
  constructor(
    private readonly clients: Clients,
    private readonly signer: ResponseSigner,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** The successful response (OAuth 2.1 §4.1.2). */
  sendCode(reply: FastifyReply, address: ReturnAddress, code: string): Promise<void> {
    return this.send(reply, address, codeParameters(address, this.config.ISSUER, code));
  }

  /** The error response (OAuth 2.1 §4.1.2.1). */
  sendError(reply: FastifyReply, address: ReturnAddress, error: OAuthError): Promise<void> {
    return this.send(reply, address, errorParameters(address, this.config.ISSUER, error));
  }

  private async send(reply: FastifyReply, address: ReturnAddress, parameters: ResponseParameters): Promise<void> {
    const mode = OFFERED_RESPONSE_MODES[address.responseMode];
    const sent = mode.isSigned ? { response: await this.signed(address, parameters) } : parameters;
    mode.send(reply, address.redirectUri, sent);
  }

  /** The parameters as a JWT; `iss` is its issuer then (JARM §2.1). */
  private async signed({ clientId }: ReturnAddress, { iss, ...claims }: ResponseParameters): Promise<string> {
    const client = await findRequestingClient(this.clients, clientId);
    const algorithm = responseAlgorithm(client, client.authorizationSignedResponseAlg);
    return this.signer.sign(algorithm, { iss, aud: clientId, lifetime: SIGNED_RESPONSE_LIFETIME, claims });
  }
}
