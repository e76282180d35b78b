import { Injectable } from '@nestjs/common';
import { GRANT_TYPE, invalidGrant, type Parameters } from '@trefoil/oauth-protocol';
import { readCode, TokenDerivation } from '@trefoil/token-issuance';
import type { Grant } from '../grants/grant.entity.js';
import type { GrantState } from '../grants/grant-statements.js';
import { Grants } from '../grants/grants.js';
import { checkCodeVerifier } from './check-code-verifier.js';
import type { GrantType, TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { selectAudience } from './issuance/select-audience.js';
import { UserTokenIssuer } from './issuance/user-token-issuer.js';

/** `authorization_code`: exchanges an authorization code for tokens (RFC 6749 §4.1.3, OAuth 2.1 §4.1.3). */
@Injectable()
export class AuthorizationCodeGrant implements GrantType {
  readonly name = GRANT_TYPE.authorizationCode;

  constructor(
    private readonly grants: Grants,
    private readonly derivation: TokenDerivation,
    private readonly tokens: UserTokenIssuer,
  ) {}

  async handle(request: TokenRequest): Promise<TokenResponse> {
    const { client, parameters, confirmation } = request;
    const issuedTo = await this.findGrant(parameters.require('code'));
    if (issuedTo?.grant.clientId !== client.clientId) {
      throw invalidGrant('the code is unknown or was issued to another client');
    }
    const { grant, isUserEnabled } = issuedTo;
    checkRedirectUri(grant, parameters);
    checkCodeVerifier(grant, parameters);
    checkCodeKey(grant, request);
    const audience = selectAudience(parameters, grant.resources);
    if (!isUserEnabled) throw invalidGrant('the user is disabled');
    // After all other checks: an attacker who has the code but not the verifier must not be able to end the grant.
    if (grant.codeRedeemedAt) await this.refuse(grant, request);
    const { scopes } = grant;
    const nonce = grant.nonce ?? undefined;
    const issued = { client, grant, audience, scopes, confirmation, generation: 0, nonce };
    const response = await this.tokens.issue(issued);
    // Redemption comes last, so that a request that cannot be answered does not use up its code.
    if (!(await this.grants.redeemCode(grant, request.origin.address))) await this.refuse(grant, request);
    await this.tokens.bindRefreshTokens(issued);
    return response;
  }

  private async findGrant(code: string): Promise<GrantState | undefined> {
    const presented = readCode(code);
    const state = presented && (await this.grants.findState(presented.grantId));
    return state && this.derivation.isCodeOf(presented, state.grant) ? state : undefined;
  }

  /** Throws `invalid_grant`, and first revokes the grant of a code that was redeemed before (RFC 6749 §4.1.2). */
  private async refuse(grant: Grant, { client, origin }: TokenRequest): Promise<never> {
    const current = await this.grants.find(grant.id);
    if (current?.codeRedeemedAt) {
      const { id, userId, sessionId } = grant;
      const event = { type: 'code-reuse', outcome: 'failure', userId, sessionId, clientId: client.clientId } as const;
      await this.grants.revoke(id, { ...event, ...origin });
      throw invalidGrant('the code was redeemed before; the tokens issued for it are revoked');
    }
    throw invalidGrant('the code has expired or was revoked');
  }
}

/** Checks that `redirect_uri` is the one of the authorization request (RFC 6749 §4.1.3). */
function checkRedirectUri(grant: Grant, parameters: Parameters): void {
  const redirectUri = parameters.get('redirect_uri');
  // PKCE binds the code to its client, so OAuth 2.1 has dropped the parameter (§10.2).
  if (redirectUri === undefined && grant.codeChallenge !== null) return;
  if (redirectUri !== grant.redirectUri) throw invalidGrant('redirect_uri is not the one of the authorization request');
}

/** Checks that the request proves the key that the authorization request named by `dpop_jkt` (RFC 9449 §10). */
function checkCodeKey({ dpopJkt }: Grant, { confirmation }: TokenRequest): void {
  if (dpopJkt !== null && dpopJkt !== confirmation?.jkt) {
    throw invalidGrant('the code is bound to a key, and the request has no DPoP proof of that key');
  }
}
