import { Inject, Injectable } from '@nestjs/common';
import { securityProfile } from '@trefoil/oauth-protocol';
import { TokenDerivation } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Clients } from '../../clients/clients.js';
import { Grants } from '../../grants/grants.js';
import type { AuthorizationRequest } from '../interaction/authorization-request.js';
import { findRequestingClient } from '../interaction/requesting-client.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import type { Session } from '../../sessions/session.entity.js';

type Lifetimes = Pick<ProviderConfig, 'CODE_LIFETIME' | 'REFRESH_TOKEN_LIFETIME'>;

/** Creates the grant of a user and issues its authorization code (OAuth 2.1 §4.1.2). */
@Injectable()
export class CodeIssuer {
  constructor(
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly derivation: TokenDerivation,
    @Inject(CONFIG) private readonly config: Lifetimes,
  ) {}

  async issue(request: AuthorizationRequest, session: Session, origin: RequestOrigin): Promise<string> {
    const { clientId, redirectUri, scopes, resources, codeChallenge = null, nonce = null, claims = null } = request;
    const { id: sessionId, userId, authenticatedAt, amr, acr } = session;
    const content = {
      clientId,
      redirectUri,
      scopes: [...scopes],
      resources: [...resources],
      codeChallenge,
      dpopJkt: request.dpopJkt ?? null,
      nonce,
      sessionId,
      userId,
      authenticatedAt,
      amr,
      acr,
      claims,
      codeLifetime: await this.codeLifetime(clientId),
      // Without offline_access a grant ends with the session (OpenID Connect Core §11).
      expiresAt: scopes.includes('offline_access') ? inSeconds(this.config.REFRESH_TOKEN_LIFETIME) : session.expiresAt,
    };
    return this.derivation.code(await this.grants.create(content, origin));
  }

  /** Returns the lifetime of the code in seconds: the configured one, or less if the security profile limits it. */
  private async codeLifetime(clientId: string): Promise<number> {
    const client = await findRequestingClient(this.clients, clientId);
    return Math.min(this.config.CODE_LIFETIME, securityProfile(client.securityProfile).longestCodeLifetime);
  }
}

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
