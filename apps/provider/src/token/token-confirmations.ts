import { Injectable } from '@nestjs/common';
import { type Confirmation, invalidRequest } from '@trefoil/oauth-protocol';
import { clientCertificateOf } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../clients/client.entity.js';
import { DpopProofReader } from './dpop/dpop-proof-reader.js';

/** Decides to which key or certificate the tokens of a response are bound. */
@Injectable()
export class TokenConfirmations {
  constructor(private readonly proofs: DpopProofReader) {}

  /**
   * Returns the certificate of the client when it is registered for certificate-bound tokens (RFC 8705 §3), otherwise the key
   * of its DPoP proof (RFC 9449 §5); undefined when the tokens will be bound to nothing.
   *
   * @throws OAuthError `invalid_request` when the connection lacks the certificate, or the request has a proof in addition;
   * the errors of DPoP proofs.
   */
  async read(request: FastifyRequest, reply: FastifyReply, client: Client): Promise<Confirmation | undefined> {
    if (!client.tlsClientCertificateBoundAccessTokens) return this.proofs.readConfirmation(request, reply, client);
    if (request.headers.dpop !== undefined) {
      throw invalidRequest('the tokens of this client are bound to its certificate: send no DPoP proof');
    }
    const certificate = clientCertificateOf(request);
    if (!certificate) {
      throw invalidRequest(
        'the tokens of this client are bound to its certificate: connect with a certificate that is valid (RFC 8705 section 3)',
      );
    }
    return { 'x5t#S256': certificate.thumbprint };
  }
}
