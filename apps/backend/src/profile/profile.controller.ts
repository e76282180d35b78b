import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Account, Profile } from '@trefoil/dto';
import { GUARDS_OPTIONS, type GuardsOptions, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { Contacts } from '../contacts/contacts.js';
import { ProviderClient } from '../provider/provider-client.js';
import { accountFailure } from './account-failure.js';
import { inTime } from './in-time.js';

// An answer within 2 s, with room for the rest of the request.
const PATIENCE_MILLISECONDS = 1500;

/** Who the user is, as the provider knows it, and what the backend keeps of theirs. */
@ApiTags('Profile')
@Controller('v1/profile')
export class ProfileController {
  constructor(
    private readonly provider: ProviderClient,
    private readonly contacts: Contacts,
    @Inject(GUARDS_OPTIONS) private readonly guards: Pick<GuardsOptions, 'realm' | 'resourceMetadata'>,
  ) {}

  @Get()
  @UserRoute('contacts:read')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary: 'Read your profile',
    description:
      'The backend exchanges your token for one of its own (RFC 8693) and asks the provider for your account.',
  })
  @ApiOkResponse({ description: 'Your account and how many contacts you have', standardSchema: Profile })
  async read(@Token() token: VerifiedAccessToken): Promise<Profile> {
    const [account, contactCount] = await Promise.all([this.account(token), this.contacts.count(token.claims.sub)]);
    return { account, contactCount };
  }

  private async account({ token, claims }: VerifiedAccessToken): Promise<Account> {
    try {
      return await inTime(this.provider.account(token), PATIENCE_MILLISECONDS);
    } catch (error) {
      throw accountFailure(error, this.guards, claims);
    }
  }
}
