import { Inject, Injectable } from '@nestjs/common';
import { TokenDerivation } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Grants } from '../../model/grants/grants.js';
import type { AuthorizationRequest } from '../../model/pending-authorizations/authorization-request.js';
import type { Session } from '../../model/sessions/session.entity.js';

type Lifetimes = Pick<ProviderConfig, 'CODE_LIFETIME' | 'REFRESH_TOKEN_LIFETIME'>;

/** Writes the grant a person gave and issues its authorization code (OAuth 2.1 §4.1.2). */
@Injectable()
export class CodeIssuer {
  constructor(
    private readonly grants: Grants,
    private readonly derivation: TokenDerivation,
    @Inject(CONFIG) private readonly config: Lifetimes,
  ) {}

  async issue(request: AuthorizationRequest, session: Session): Promise<string> {
    const { clientId, redirectUri, scopes, resources, codeChallenge = null, nonce = null } = request;
    const { id: sessionId, userId, authenticatedAt, amr } = session;
    const grant = await this.grants.create({
      clientId,
      redirectUri,
      scopes: [...scopes],
      resources: [...resources],
      codeChallenge,
      nonce,
      sessionId,
      userId,
      authenticatedAt,
      amr,
      codeExpiresAt: inSeconds(this.config.CODE_LIFETIME),
      // Without offline_access a grant ends with the sign-in session (OpenID Connect Core §11).
      expiresAt: scopes.includes('offline_access') ? inSeconds(this.config.REFRESH_TOKEN_LIFETIME) : session.expiresAt,
    });
    return this.derivation.code(grant);
  }
}

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
