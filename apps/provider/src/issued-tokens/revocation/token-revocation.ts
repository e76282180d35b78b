import { Injectable } from '@nestjs/common';
import { invalidGrant } from '@trefoil/oauth-protocol';
import { IssuedAccessTokens } from '../issued-access-tokens.js';
import type { Client } from '../../clients/client.entity.js';
import { RefreshTokenReader } from '../../grants/refresh-token-reader.js';
import { Revocations } from '../revocations.js';
import type { RequestOrigin } from '../../http/request-origin.js';

/** Ends tokens at the wish of the client they were issued to. */
@Injectable()
export class TokenRevocation {
  constructor(
    private readonly accessTokens: IssuedAccessTokens,
    private readonly refreshTokens: RefreshTokenReader,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Revokes a token if it is one of the client's. Its own form tells which kind it is: no hint is needed. With a refresh
   * token, of whatever generation, all ends that came from its grant (RFC 7009 §2.1).
   *
   * @throws OAuthError `invalid_grant` for the token of another client.
   */
  async revoke(token: string, { clientId }: Client, origin: RequestOrigin): Promise<void> {
    const grant = (await this.refreshTokens.read(token))?.grant;
    const claims = grant ? undefined : await this.accessTokens.find(token);
    const owner = grant?.clientId ?? claims?.client_id;
    if (owner !== undefined && owner !== clientId) throw invalidGrant('the token was issued to another client');
    if (grant) await this.revocations.revokeGrant(grant, origin);
    if (claims) await this.revocations.revokeToken(claims, origin);
  }
}
