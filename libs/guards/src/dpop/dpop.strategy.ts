import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type DpopChallengeParameters, dpopChallenge } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import passport from 'passport';
import { AccessTokenVerifier } from '../access-token/access-token-verifier.js';
import { InvalidTokenError, type VerifiedAccessToken } from '../access-token/verified-access-token.js';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { ACCEPTED_ALGORITHMS } from '../verification-keys/accepted-algorithms.js';
import { DpopProofs, type ProvenRequest } from './dpop-proofs.js';
import { InvalidProofError } from './invalid-proof-error.js';

const CREDENTIALS = /^dpop +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The request that Passport sees: the credentials of one scheme, so that the other strategy finds none. */
export interface PresentedToken {
  readonly method: string;
  readonly headers: { readonly authorization?: string };
  readonly dpop?: ProvenRequest & { readonly authorization: string };
  /** The thumbprint of the client certificate of the connection. */
  readonly certificate?: string | undefined;
}

/** The DPoP scheme (RFC 9449 §7) as a Passport strategy: a token with a proof of the key that it is bound to. */
@Injectable()
export class DpopStrategy extends passport.Strategy implements OnApplicationShutdown {
  /** The name at Passport. Passport is global to the process, so each app's strategy has its own name. */
  readonly strategyName = `dpop ${randomUUID()}`;

  constructor(
    private readonly proofs: DpopProofs,
    private readonly tokens: AccessTokenVerifier,
    @Inject(GUARDS_OPTIONS) private readonly options: Pick<GuardsOptions, 'realm'>,
  ) {
    super();
    passport.use(this.strategyName, this);
  }

  // Not earlier: requests are accepted until the listener has closed, and need the strategy.
  onApplicationShutdown(): void {
    passport.unuse(this.strategyName);
  }

  override authenticate({ dpop, certificate }: PresentedToken): void {
    if (!dpop) return this.fail(this.challenge({}), 401);
    const [, token] = CREDENTIALS.exec(dpop.authorization) ?? [];
    if (token === undefined) return this.fail(400);
    this.verify(token, dpop, certificate).then(
      (verified) => this.success(verified),
      (error: unknown) => this.refuse(error),
    );
  }

  private async verify(token: string, request: ProvenRequest, certificate?: string): Promise<VerifiedAccessToken> {
    const proof = await this.proofs.read(request, token);
    if (!proof) throw new InvalidProofError('the request has no DPoP proof');
    const verified = await this.tokens.verify(token, { jkt: proof.jkt, method: request.method, certificate });
    // Last, because it writes to the store: only the holder of a valid token and of its key can cause that.
    await this.proofs.use(proof);
    return verified;
  }

  private refuse(error: unknown): void {
    const refused = error instanceof InvalidTokenError || error instanceof InvalidProofError;
    if (!refused) return this.error(error);
    const code = error instanceof InvalidProofError ? error.code : 'invalid_token';
    this.fail(this.challenge({ error: code, error_description: error.message }), 401);
  }

  private challenge(parameters: Omit<DpopChallengeParameters, 'algs'>): string {
    return dpopChallenge({ realm: this.options.realm, ...parameters, algs: ACCEPTED_ALGORITHMS.join(' ') });
  }
}
