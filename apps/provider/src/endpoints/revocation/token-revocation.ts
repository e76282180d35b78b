import { Injectable } from '@nestjs/common';
import { IssuedAccessTokens } from '../../model/access-tokens/issued-access-tokens.js';
import type { Client } from '../../model/clients/client.entity.js';
import { RefreshTokens } from '../../model/grants/refresh-tokens.js';
import { Revocations } from '../../model/revocations/revocations.js';
import type { RequestOrigin } from '../../model/security-events/request-origin.js';

/** Ends tokens at the wish of the client they were issued to. */
@Injectable()
export class TokenRevocation {
  constructor(
    private readonly accessTokens: IssuedAccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Revokes a token if it is one of the client's. Its own form tells which kind it is: no hint is needed. With a refresh
   * token, of whatever generation, all ends that came from its grant (RFC 7009 §2.1).
   */
  async revoke(token: string, { clientId }: Client, origin: RequestOrigin): Promise<void> {
    const grant = (await this.refreshTokens.find(token))?.grant;
    if (grant) {
      if (grant.clientId === clientId && grant.isLive) await this.revocations.revokeGrant(grant, origin);
      return;
    }
    const claims = await this.accessTokens.find(token);
    if (claims?.client_id === clientId) await this.revocations.revokeToken(claims, origin);
  }
}
