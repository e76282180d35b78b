import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountEventPage } from '@trefoil/dto';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { Clients } from '../../clients/clients.js';
import { SecurityEventLog } from '../security-event-log.js';
import { AccountEventQuery, pageCursorOf } from './event-requests.js';
import { representOwnEvent } from './represent-event.js';

/** Serves `GET /api/account/events`: the security events of the user of the token. */
@ApiTags('Account')
@Controller('api/account/events')
@UseGuards(BearerGuard)
export class AccountEventsController {
  constructor(
    private readonly log: SecurityEventLog,
    private readonly clients: Clients,
  ) {}

  @Get()
  @UserRoute('account:read')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'List the security events of your account, the newest first',
    description:
      'Sign-ins, consents and other security events of your account. They reveal nothing about other people.',
  })
  @ApiOkResponse({
    description: 'One page. `nextCursor` is the cursor of the next page.',
    standardSchema: AccountEventPage,
  })
  async list(
    @Token() { claims }: VerifiedAccessToken,
    @Query({ schema: AccountEventQuery }) { cursor, limit }: AccountEventQuery,
  ): Promise<AccountEventPage> {
    const { events, more } = await this.log.page({ user: claims.sub }, { before: cursor, limit });
    const names = await this.clients.namesOf(events.flatMap(({ clientId }) => clientId ?? []));
    const last = events.at(-1);
    return {
      items: events.map((event) => representOwnEvent(event, names)),
      nextCursor: more && last ? pageCursorOf(last) : null,
    };
  }
}
