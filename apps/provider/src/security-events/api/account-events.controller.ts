import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccountEvent, AccountEventPage } from '@trefoil/dto';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { Clients } from '../../clients/clients.js';
import { SessionIds } from '../../sessions/session-ids.js';
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
    private readonly sessionIds: SessionIds,
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
      items: events.map((event) => this.withSid(representOwnEvent(event, names), claims.client_id)),
      nextCursor: more && last ? pageCursorOf(last) : null,
    };
  }

  /** Replaces the id of the session, which no client must know, by the `sid` that it has for the client of the token. */
  private withSid(event: AccountEvent, clientId: string): AccountEvent {
    const { sessionId } = event;
    return { ...event, sessionId: sessionId && this.sessionIds.of({ clientId }, sessionId) };
  }
}
