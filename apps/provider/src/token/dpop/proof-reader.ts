import { Injectable } from '@nestjs/common';
import { type DpopProof, DpopProofs, InvalidProofError } from '@trefoil/guards';
import { type Confirmation, OAuthError, type Parameters, securityProfile } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../../clients/client.entity.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';

type ProvingClient = Pick<Client, 'clientId' | 'dpopBoundAccessTokens' | 'securityProfile'>;

/** Reads the DPoP proof of a request that a client makes in its own name: for tokens, or a pushed request (RFC 9449). */
@Injectable()
export class ProofReader {
  constructor(
    private readonly proofs: DpopProofs,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * What the tokens of a response are bound to; undefined when the client did not ask for bound tokens (RFC 9449 §5).
   *
   * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`
   */
  async readConfirmation(
    request: FastifyRequest,
    reply: FastifyReply,
    client: ProvingClient,
  ): Promise<Confirmation | undefined> {
    const proof = await this.readProof(request, reply, client);
    if (!proof && needsProof(client)) throw invalidProof('the client must send a DPoP proof (RFC 9449 section 5.2)');
    return proof && { jkt: proof.jkt };
  }

  /**
   * The key that the code of a pushed request will be bound to: that of its proof, or of `dpop_jkt`; undefined when it has
   * neither (RFC 9449 §10.1).
   *
   * @throws OAuthError `invalid_dpop_proof` when they are not the same, `use_dpop_nonce`
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
      throw invalidProof('the DPoP proof is not of the key that dpop_jkt names');
    }
    return proof?.jkt ?? named;
  }

  /**
   * The proof that a request brings, used up; undefined when it brings none. The answer gets the nonce for the next one,
   * whatever else it says (RFC 9449 §8.2).
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
        throw new InvalidProofError('the signature algorithm of the DPoP proof is not one that this client may use');
      }
      await this.proofs.use(proof);
      return proof;
    } catch (error) {
      if (!(error instanceof InvalidProofError)) throw error;
      if (error.code === 'invalid_dpop_proof') await this.recordRefusal(request, client, error);
      throw new OAuthError(error.code, error.message, { cause: error });
    }
  }

  /** Not of a nonce that is missing or old: to be told the new one is how it goes (RFC 9449 §8). */
  private recordRefusal(request: FastifyRequest, { clientId }: ProvingClient, error: InvalidProofError): Promise<void> {
    const event = { type: 'dpop-proof', outcome: 'failure', clientId, details: { reason: error.message } } as const;
    return this.events.record({ ...event, ...originOf(request) });
  }

  private offerNonce(reply: FastifyReply): void {
    const nonce = this.proofs.nonce();
    if (nonce !== undefined) reply.header('DPoP-Nonce', nonce);
  }
}

const needsProof = ({ dpopBoundAccessTokens, securityProfile: name }: ProvingClient): boolean =>
  dpopBoundAccessTokens || securityProfile(name).senderConstrained === 'required';

const invalidProof = (description: string): OAuthError => new OAuthError('invalid_dpop_proof', description);
