import { Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InitialAccessToken } from '../../clients/registration/initial-access-token.entity.js';
import { RegistrationTokens } from '../../clients/registration/registration-tokens.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { askConfirmation, type ConfirmedSection, runConfirmed } from '../forms/confirmed-action.js';
import { readText } from '../forms/form-fields.js';
import { readListedPage } from '../forms/list.page.js';
import { attempt } from '../forms/refused-form.js';
import { ShownOncePage } from '../forms/shown-once.page.js';
import {
  NEW_TOKEN,
  NewRegistrationTokenPage,
  newTokenOf,
  RegistrationTokenListPage,
} from './registration-token.page.js';

const SECTION = '/admin/registration-tokens';

/** Serves `/admin/registration-tokens`, where administrators list, create and revoke the tokens of dynamic registration. */
@Controller('admin/registration-tokens')
@UseGuards(SameOriginGuard)
export class RegistrationTokenPagesController {
  private readonly section: ConfirmedSection<InitialAccessToken> = {
    path: SECTION,
    find: (id) => this.tokens.find(id),
    actions: {
      revoke: {
        title: ({ id, description }) => `Revoke ${description || id}?`,
        effects: [
          'No more clients can be registered with this token.',
          'Clients that were registered with it stay registered.',
        ],
        button: 'Revoke',
        isDangerous: true,
        run: ({ id }, origin) => this.tokens.revoke(id, origin),
        next: () => `${SECTION}?done=revoked`,
        back: () => SECTION,
      },
    },
  };

  constructor(
    private readonly visits: AdminVisits,
    private readonly tokens: RegistrationTokens,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const list = await readListedPage(
      visit,
      (range) => this.tokens.page(range),
      ({ id }) => id,
    );
    visit.send(<RegistrationTokenListPage page={visit.page} list={list} />);
  }

  @Get('new')
  async form(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    visit?.send(<NewRegistrationTokenPage page={visit.page} text={{}} />);
  }

  @Post('new')
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const text = readText(visit.form, NEW_TOKEN);
    const { refused, done } = await attempt(NEW_TOKEN, () => this.tokens.create(newTokenOf(text), visit.origin));
    if (refused) {
      return visit.send(<NewRegistrationTokenPage page={visit.page} text={text} refused={refused} />, refused.status);
    }
    visit.send(
      <ShownOncePage
        page={visit.page}
        section={SECTION}
        title="The registration token was added"
        facts={[{ term: 'Description', description: done.row.description }]}
        label="Registration token"
        secret={done.token}
        next={{ href: SECTION, label: 'To the registration tokens' }}
      />,
    );
  }

  @Get('revoke')
  async ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await askConfirmation(await this.visits.open(request, reply), this.section, 'revoke');
  }

  @Post('revoke')
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await runConfirmed(await this.visits.submitted(request, reply), this.section, 'revoke');
  }
}
