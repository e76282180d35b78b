import { Controller, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { checkIfMatch, contentTagOf } from '@trefoil/resource-api';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { resourceServerJson } from '../../resource-servers/resource-server-json.js';
import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import { pathOf } from '../forms/admin-visit.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { askConfirmation, type ConfirmedSection, runConfirmed } from '../forms/confirmed-action.js';
import { readListedPage } from '../forms/list.page.js';
import { attempt } from '../forms/refused-form.js';
import {
  allFields,
  newServerForm,
  newServerOf,
  readServerForm,
  serverForm,
  serverPatchOf,
} from './resource-server-form.js';
import { EditResourceServerPage, NewResourceServerPage, ResourceServerListPage } from './resource-server.page.js';

const SECTION = '/admin/resource-servers';

/** Serves `/admin/resource-servers`, where administrators list, add, edit and delete resource servers. */
@Controller('admin/resource-servers')
@UseGuards(SameOriginGuard)
export class ResourceServerPagesController {
  private readonly section: ConfirmedSection<ResourceServer> = {
    path: SECTION,
    find: (id) => this.registrations.find(id),
    actions: {
      delete: {
        title: ({ name }) => `Delete ${name}?`,
        effects: [
          'No more tokens are issued for this resource server, and its scopes can no longer be granted.',
          'Tokens that exist are accepted until they expire.',
        ],
        button: 'Delete',
        isDangerous: true,
        run: ({ identifier }, origin) => this.registrations.remove(identifier, origin),
        next: () => `${SECTION}?done=deleted`,
        back: ({ identifier }) => pathOf(`${SECTION}/edit`, identifier),
      },
    },
  };

  constructor(
    private readonly visits: AdminVisits,
    private readonly registrations: ResourceServerRegistrations,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const list = await readListedPage(
      visit,
      (range) => this.registrations.page(range),
      ({ identifier }) => identifier,
    );
    visit.send(<ResourceServerListPage page={visit.page} list={list} />);
  }

  @Get('new')
  async form(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    visit?.send(<NewResourceServerPage page={visit.page} form={newServerForm()} />);
  }

  @Post('new')
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const form = readServerForm(visit.form, true);
    const { refused, done } = await attempt(allFields(form), () =>
      this.registrations.create(newServerOf(form), visit.origin),
    );
    if (refused) {
      return visit.send(<NewResourceServerPage page={visit.page} form={form} refused={refused} />, refused.status);
    }
    visit.redirect(pathOf(`${SECTION}/edit`, done.identifier, { done: 'created' }));
  }

  @Get('edit')
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const server = resourceServerJson(await this.registrations.find(visit.id));
    const view = { page: visit.page, server, version: contentTagOf(server), form: serverForm(server) };
    visit.send(<EditResourceServerPage {...view} done={visit.query.get('done')} />);
  }

  @Post('edit')
  async edit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const server = resourceServerJson(await this.registrations.find(visit.id));
    const form = readServerForm(visit.form, false);
    const version = visit.form.get('version');
    const { refused } = await attempt(allFields(form), () =>
      this.registrations.update(server.identifier, serverPatchOf(form), visit.origin, (present) =>
        checkIfMatch(version, contentTagOf(resourceServerJson(present)), 'resource server'),
      ),
    );
    if (!refused) return visit.redirect(pathOf(`${SECTION}/edit`, server.identifier, { done: 'saved' }));
    const view = { page: visit.page, server, version: contentTagOf(server), form, refused };
    visit.send(<EditResourceServerPage {...view} />, refused.status);
  }

  @Get(':action')
  async ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('action') name: string): Promise<void> {
    await askConfirmation(await this.visits.open(request, reply), this.section, name);
  }

  @Post(':action')
  async run(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('action') name: string): Promise<void> {
    await runConfirmed(await this.visits.submitted(request, reply), this.section, name);
  }
}
