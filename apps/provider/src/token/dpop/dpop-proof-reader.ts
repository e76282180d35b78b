import { Injectable } from '@nestjs/common';
import { type DpopProof, DpopProofs, InvalidProofError } from '@trefoil/guards';
import { type Confirmation, OAuthError, type Parameters, securityProfile } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../../clients/client.entity.js';
import { needsDpop } from '../../clients/sender-constraint.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';

type ProvingClient = Pick<
  Client,
  'clientId' | 'dpopBoundAccessTokens' | 'tlsClientCertificateBoundAccessTokens' | 'securityProfile'
>;

/** Reads the DPoP proofs of clients in token requests and pushed authorization requests (RFC 9449). */
@Injectable()
export class DpopProofReader {
  constructor(
    private readonly proofs: DpopProofs,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Returns the key to which the tokens of a response will be bound; undefined when the request has no proof (RFC 9449
   * §5).
   *
   * @throws OAuthError `invalid_dpop_proof`, also when the client must send a proof and did not; `use_dpop_nonce`
   */
  async readConfirmation(
    request: FastifyRequest,
    reply: FastifyReply,
    client: ProvingClient,
  ): Promise<Confirmation | undefined> {
    const proof = await this.readProof(request, reply, client);
    if (!proof && needsDpop(client)) throw invalidProof('the client must send a DPoP proof (RFC 9449 section 5.2)');
    return proof && { jkt: proof.jkt };
  }

  /**
   * Returns the thumbprint of the key to which the code of a pushed request will be bound: the key of the proof or of
   * `dpop_jkt`; undefined when the request has neither (RFC 9449 §10.1).
   *
   * @throws OAuthError `invalid_dpop_proof`, also when the two keys differ; `use_dpop_nonce`
   */
  async readCodeKey(
    request: FastifyRequest,
    reply: FastifyReply,
    client: ProvingClient,
    parameters: Parameters,
  ): Promise<string | undefined> {
    const proof = await this.readProof(request, reply, client);
    const named = parameters.get('dpop_jkt');
    if (proof && named !== undefined && named !== proof.jkt) {
      throw invalidProof('the DPoP proof is not signed with the key that dpop_jkt names');
    }
    return proof?.jkt ?? named;
  }

  /**
   * Returns the DPoP proof of a request and marks it as used; undefined when the request has none. Every response to a
   * request with a proof gets the nonce for the next proof, error responses included (RFC 9449 §8.2).
   *
   * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`
   */
  async readProof(request: FastifyRequest, reply: FastifyReply, client: ProvingClient): Promise<DpopProof | undefined> {
    const { method, url, headers } = request;
    if (headers.dpop !== undefined) this.offerNonce(reply);
    try {
      const proof = await this.proofs.read({ method, url, headers: { dpop: headers.dpop } });
      if (!proof) return undefined;
      if (!securityProfile(client.securityProfile).algorithms.includes(proof.alg)) {
        throw new InvalidProofError('this client must not use the signature algorithm of the DPoP proof');
      }
      await this.proofs.use(proof);
      return proof;
    } catch (error) {
      if (!(error instanceof InvalidProofError)) throw error;
      if (error.code === 'invalid_dpop_proof') await this.recordRefusal(request, client, error);
      throw new OAuthError(error.code, error.message, { cause: error });
    }
  }

  /**
   * Records a refused proof. A missing or old nonce is not recorded: the client gets a new one and tries again (RFC
   * 9449 §8).
   */
  private recordRefusal(request: FastifyRequest, { clientId }: ProvingClient, error: InvalidProofError): Promise<void> {
    const event = { type: 'dpop-proof', outcome: 'failure', clientId, details: { reason: error.message } } as const;
    return this.events.record({ ...event, ...originOf(request) });
  }

  private offerNonce(reply: FastifyReply): void {
    const nonce = this.proofs.nonce();
    if (nonce !== undefined) reply.header('DPoP-Nonce', nonce);
  }
}

const invalidProof = (description: string): OAuthError => new OAuthError('invalid_dpop_proof', description);
