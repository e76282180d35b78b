import { Injectable } from '@nestjs/common';
import { type AccessTokenClaims, GRANT_TYPE, type GrantTypeName, OAuthError } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import { decodeJwt } from 'jose';
import type { TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { ProviderAdmission } from '../database/provider-admission.js';
import { GrantNetworks } from '../grants/grant-networks.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { UsageCounter } from '../security-events/usage/usage-counter.js';

/** The error codes of requests that are expected to be repeated, and are no failures (RFC 8628 §3.5, RFC 9449 §8). */
const EXPECTED: readonly string[] = ['authorization_pending', 'slow_down', 'use_dpop_nonce'];

/** Records the results of token requests: all as usage, refusals also as security events. */
@Injectable()
export class TokenRequestRecorder {
  constructor(
    private readonly usage: UsageCounter,
    private readonly networks: GrantNetworks,
    private readonly events: SecurityEvents,
    private readonly admission: ProviderAdmission,
  ) {}

  /** Records that a token was issued. Reads and writes no table when no user is involved. */
  recordIssued({ client, origin }: TokenRequest, grantType: GrantTypeName, response: TokenResponse): void {
    // The signature needs no check: the provider has just signed the token.
    const { sub, grant_id } = decodeJwt<AccessTokenClaims>(response.access_token);
    this.usage.count(grantType, client.clientId, grant_id === undefined ? undefined : sub);
    // A token is exchanged by another server than the client to which the user gave the grant.
    if (grant_id === undefined || grantType === GRANT_TYPE.tokenExchange || !origin.address) return;
    this.networks.record(grant_id, origin.address);
  }

  /**
   * Records that a request was refused, with the error code as the reason and without parameters of the request.
   *
   * @throws TooManyRequestsError when too many requests of public clients were refused from one network. Anybody can send them.
   */
  async recordRefused(
    { client, origin }: Pick<TokenRequest, 'client' | 'origin'>,
    grantType: GrantTypeName | undefined,
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof OAuthError) || EXPECTED.includes(error.code)) return;
    this.usage.count('refused', client.clientId);
    if (client.tokenEndpointAuthMethod === 'none') {
      await this.admission.admit('public-token-refusal', networkOf(origin.address ?? ''));
    }
    // `DpopProofReader` has already recorded it.
    if (error.code === 'invalid_dpop_proof') return;
    const details = { error: error.code, ...(grantType && { grant_type: grantType }) };
    const event = { type: 'token-refused', outcome: 'failure', clientId: client.clientId, details } as const;
    await this.events.record({ ...event, ...origin });
  }
}
