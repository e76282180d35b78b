import { Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { checkIfMatch, contentTagOf } from '@trefoil/resource-api';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { clientJson } from '../../clients/administration/client-json.js';
import type { Client } from '../../clients/client.entity.js';
import { type AdminVisit, pathOf } from '../forms/admin-visit.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { type FormText, readText } from '../forms/form-fields.js';
import { readListedPage } from '../forms/list.page.js';
import { attempt, type RefusedForm } from '../forms/refused-form.js';
import { EditClientPage, NewClientPage } from './client-form.page.js';
import {
  CLIENT_FIELDS,
  clientPatchOf,
  clientText,
  NEW_CLIENT_FIELDS,
  NEW_CLIENT_TEXT,
  newClientOf,
} from './client-form.js';
import { ClientListPage } from './client-list.page.js';
import { sendClientSecret } from './client-secret.page.js';

/** Serves `/admin/clients`, where administrators list, add and edit clients. */
@Controller('admin/clients')
@UseGuards(SameOriginGuard)
export class ClientPagesController {
  constructor(
    private readonly visits: AdminVisits,
    private readonly clients: ClientAdministration,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const list = await readListedPage(
      visit,
      (range) => this.clients.page(range),
      ({ clientId }) => clientId,
    );
    visit.send(<ClientListPage page={visit.page} list={list} />);
  }

  @Get('new')
  async form(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    visit?.send(<NewClientPage page={visit.page} text={NEW_CLIENT_TEXT} />);
  }

  @Post('new')
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const text = readText(visit.form, NEW_CLIENT_FIELDS);
    const { refused, done } = await attempt(NEW_CLIENT_FIELDS, () =>
      this.clients.create(newClientOf(text), visit.origin),
    );
    if (refused) return visit.send(<NewClientPage page={visit.page} text={text} refused={refused} />, refused.status);
    const { client, secret } = done;
    if (secret !== undefined) return sendClientSecret(visit, client.clientId, secret, 'The client was added');
    visit.redirect(pathOf('/admin/clients/edit', client.clientId, { done: 'created' }));
  }

  @Get('edit')
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const client = await this.clients.find(visit.id);
    await this.sendForm(visit, client, clientText(clientJson(client)));
  }

  @Post('edit')
  async edit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const client = await this.clients.find(visit.id);
    const text = readText(visit.form, CLIENT_FIELDS);
    const version = visit.form.get('version');
    const { refused, done } = await attempt(CLIENT_FIELDS, () =>
      this.clients.update(client.clientId, clientPatchOf(text, clientJson(client)), visit.origin, (present) =>
        checkIfMatch(version, versionOf(present), 'client'),
      ),
    );
    if (refused) return this.sendForm(visit, client, text, refused);
    const { secret } = done;
    if (secret !== undefined) return sendClientSecret(visit, client.clientId, secret, 'The changes were saved');
    visit.redirect(pathOf('/admin/clients/edit', client.clientId, { done: 'saved' }));
  }

  private async sendForm(visit: AdminVisit, client: Client, text: FormText, refused?: RefusedForm): Promise<void> {
    const secrets = await this.clients.listSecrets(client.clientId);
    const view = { page: visit.page, client, secrets, version: versionOf(client), text, refused };
    visit.send(<EditClientPage {...view} done={visit.query.get('done')} />, refused?.status);
  }
}

const versionOf = (client: Client): string => contentTagOf(clientJson(client));
