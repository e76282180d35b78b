import { Body, Controller, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { networkOf } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../clients/authentication/client-authentication.js';
import { CONFIG, type ProviderConfig } from '../config.js';
import { ProviderAdmission } from '../database/provider-admission.js';
import { PushedRequests } from './request/pushed-requests.js';
import { DpopProofReader } from '../token/dpop/dpop-proof-reader.js';
import { AuthorizationRequestReader } from './request/authorization-request-reader.js';
import { readFormParameters } from '../http/read-form-parameters.js';

/** The response to a pushed authorization request (RFC 9126 §2.2). */
interface PushedResponse {
  readonly request_uri: string;
  /** The lifetime of the request, in seconds. */
  readonly expires_in: number;
}

/** The parameters of client authentication, which are no part of the authorization request. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/** `POST /par`: takes an authorization request from the client directly, before the browser is involved (RFC 9126). */
@Controller()
export class ParController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly requests: AuthorizationRequestReader,
    private readonly pushed: PushedRequests,
    private readonly admission: ProviderAdmission,
    private readonly proofs: DpopProofReader,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'PAR_LIFETIME'>,
  ) {}

  @Post('par')
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async push(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<PushedResponse> {
    const sent = readFormParameters(request, body);
    sent.refuseRepeated('resource');
    const client = await this.clientAuthentication.authenticate(request, sent);
    // Public clients do not authenticate, so anybody can push in their name.
    if (client.tokenEndpointAuthMethod === 'none') await this.admission.admit('public-push', networkOf(request.ip));
    const { parameters, isSigned } = await this.requests.checkPushed(sent.without(...CREDENTIALS), client);
    const dpop_jkt = await this.proofs.readCodeKey(request, reply, client, parameters);
    const content = { parameters: parameters.known().with({ dpop_jkt }), isSigned };
    const request_uri = await this.pushed.add(client.clientId, content);
    return { request_uri, expires_in: this.config.PAR_LIFETIME };
  }
}
