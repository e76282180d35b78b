import { Injectable } from '@nestjs/common';
import { type AccessTokenClaims, GRANT_TYPE, type GrantTypeName, OAuthError } from '@trefoil/oauth-protocol';
import { decodeJwt } from 'jose';
import type { TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { GrantNetworks } from '../grants/grant-networks.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { UsageCounter } from '../security-events/usage/usage-counter.js';

/** Answers that belong to a request that is going well (RFC 8628 §3.5, RFC 9449 §8). */
const EXPECTED: readonly string[] = ['authorization_pending', 'slow_down', 'use_dpop_nonce'];

/** Notes what became of token requests: as usage, and what was refused as security events. */
@Injectable()
export class TokenOutcomes {
  constructor(
    private readonly usage: UsageCounter,
    private readonly networks: GrantNetworks,
    private readonly events: SecurityEvents,
  ) {}

  /** Counts what was issued, without touching a table when it is for a machine. */
  async issued({ client, origin }: TokenRequest, grantType: GrantTypeName, response: TokenResponse): Promise<void> {
    // Just signed here: it says for whom it is.
    const { sub, grant_id } = decodeJwt<AccessTokenClaims>(response.access_token);
    this.usage.count(grantType, client.clientId, grant_id === undefined ? undefined : sub);
    // Who exchanges a token is another server than the one that holds the grant.
    if (grant_id === undefined || grantType === GRANT_TYPE.tokenExchange || !origin.address) return;
    await this.networks.note(grant_id, origin.address);
  }

  /** Counts and records a refusal; the error's code says why, and nothing that the request brought is kept. */
  async refused(
    { client, origin }: Pick<TokenRequest, 'client' | 'origin'>,
    grantType: GrantTypeName | undefined,
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof OAuthError) || EXPECTED.includes(error.code)) return;
    this.usage.count('refused', client.clientId);
    // Recorded where it was found.
    if (error.code === 'invalid_dpop_proof') return;
    const details = { error: error.code, ...(grantType && { grant_type: grantType }) };
    const event = { type: 'token-refused', outcome: 'failure', clientId: client.clientId, details } as const;
    await this.events.record({ ...event, ...origin });
  }
}
