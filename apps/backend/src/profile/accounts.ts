import { Inject, Injectable } from '@nestjs/common';
import { ProfileAccount } from '@trefoil/dto';
import type { VerifiedAccessToken } from '@trefoil/guards';
import { type BackendConfig, CONFIG } from '../config.js';
import { ProviderClient } from '../provider-client/provider-client.js';
import { UserInfo } from '../provider-client/userinfo.js';

/** Reads the accounts of users from where `ACCOUNT_SOURCE` says. */
@Injectable()
export class Accounts {
  constructor(
    private readonly provider: ProviderClient,
    private readonly userInfo: UserInfo,
    @Inject(CONFIG) private readonly config: Pick<BackendConfig, 'ACCOUNT_SOURCE'>,
  ) {}

  /** @throws TokenRequestRefused, RequestRefused, ServiceUnavailable, UnexpectedResponse */
  async of({ token, claims }: VerifiedAccessToken): Promise<ProfileAccount> {
    switch (this.config.ACCOUNT_SOURCE) {
      case 'account-api':
        return this.provider.account(token);
      case 'userinfo':
        return accountIn(await this.userInfo.withUserToken(token), claims.sub);
      case 'userinfo-exchange':
        return accountIn(await this.userInfo.withExchangedToken(token), claims.sub);
      case 'token':
        return accountIn({ ...claims }, claims.sub);
    }
  }
}

/**
 * Returns the standard claims that are well-formed. Some providers write a claim in another form than OpenID Connect Core §5.1, such
 * as `updated_at` as a date; it is left out.
 *
 * @param sub The identifier by which the backend knows the user.
 */
export function accountIn(claims: Readonly<Record<string, unknown>>, sub: string): ProfileAccount {
  const wellFormed = Object.entries(ProfileAccount.shape).filter(
    ([name, schema]) => claims[name] !== undefined && schema.safeParse(claims[name]).success,
  );
  return ProfileAccount.parse({ ...Object.fromEntries(wellFormed.map(([name]) => [name, claims[name]])), sub });
}
