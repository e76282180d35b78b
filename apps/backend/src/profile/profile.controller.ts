import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { contactScopes, Profile, type ProfileAccount } from '@trefoil/dto';
import { GUARDS_OPTIONS, type GuardsOptions, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { Contacts } from '../contacts/contacts.js';
import { accountFailure } from './account-failure.js';
import { Accounts } from './accounts.js';
import { withTimeLimit } from './with-time-limit.js';

// The whole request must be answered within 2 s, also when the provider does not answer.
const PROVIDER_MILLISECONDS = 1500;

/** Serves the profile of a user: the account from the provider, joined with the number of contacts. */
@ApiTags('Profile')
@Controller('v1/profile')
export class ProfileController {
  constructor(
    private readonly accounts: Accounts,
    private readonly contacts: Contacts,
    @Inject(GUARDS_OPTIONS) private readonly guards: Pick<GuardsOptions, 'realm' | 'resourceMetadata'>,
  ) {}

  @Get()
  @UserRoute(contactScopes.read.name)
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary: 'Read your profile',
    description:
      'The backend exchanges your token for one that the provider accepts (RFC 8693), and reads your account with it.',
  })
  @ApiOkResponse({ description: 'Your account and how many contacts you have', standardSchema: Profile })
  async read(@Token() token: VerifiedAccessToken): Promise<Profile> {
    const [account, contactCount] = await Promise.all([this.account(token), this.contacts.count(token.claims.sub)]);
    return { account, contactCount };
  }

  private async account(token: VerifiedAccessToken): Promise<ProfileAccount> {
    try {
      return await withTimeLimit(this.accounts.of(token), PROVIDER_MILLISECONDS);
    } catch (error) {
      throw accountFailure(error, this.guards, token.claims);
    }
  }
}
