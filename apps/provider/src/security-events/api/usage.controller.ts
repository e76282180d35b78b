import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type UsageEntry, UsagePage } from '@trefoil/dto';
import { BearerGuard, UserRoute } from '@trefoil/guards';
import { Usage, type UsageBucket } from '../usage/usage.js';
import { AdministratorGuard } from '../../users/administrator.guard.js';
import { usageCursorOf, UsageQuery } from './usage-requests.js';

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** Serves `GET /api/usage`: the usage of clients and users by the hour, for administrators. */
@ApiTags('Administration')
@Controller('api/usage')
@UseGuards(BearerGuard, AdministratorGuard)
export class UsageController {
  constructor(private readonly usage: Usage) {}

  @Get()
  @UserRoute('events:read')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'List usage, the newest hour first',
    description: 'Tokens issued by grant type, requests refused, introspections. Counts arrive a few seconds late.',
  })
  @ApiOkResponse({ description: 'One page. `nextCursor` is the cursor of the next page.', standardSchema: UsagePage })
  async list(@Query({ schema: UsageQuery }) { from, to, cursor, ...rest }: UsageQuery): Promise<UsagePage> {
    const end = to ?? new Date();
    const start = from ?? new Date(end.getTime() - DAY_MILLISECONDS);
    const { buckets, more } = await this.usage.page({ from: start, to: end, after: cursor, ...rest });
    const last = buckets.at(-1);
    return { items: buckets.map(represent), nextCursor: more && last ? usageCursorOf(last) : null };
  }
}

const represent = ({ hour, kind, subject, counts }: UsageBucket): UsageEntry => ({
  hour: hour.toISOString(),
  clientId: kind === 'client' ? subject : null,
  userId: kind === 'user' ? subject : null,
  counts: { ...counts },
});
