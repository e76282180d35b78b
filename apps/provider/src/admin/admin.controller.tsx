import { Body, Controller, Get, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError, SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readPageCursor } from '../account/event-table.js';
import { Clients } from '../clients/clients.js';
import { seeOther, sendPage } from '../http/replies.js';
import { originOf } from '../http/request-origin.js';
import { Revocations } from '../issued-tokens/revocations.js';
import { SignedInPages } from '../sessions/sign-in/signed-in-pages.js';
import { Users } from '../users/users.js';
import { AdminDeliveries } from './admin-deliveries.js';
import { AdminOverviews } from './admin-overviews.js';
import { AdminPage } from './admin.page.js';
import { EventsPage } from './events.page.js';
import { readEventFilter } from './read-event-filter.js';
import { UserOrClientPage } from './user-or-client.page.js';

const ANOMALIES = 10;
const EVENTS = 50;

/** Serves `/admin`, where administrators see events and usage, and revoke access. */
@Controller('admin')
@UseGuards(SameOriginGuard)
export class AdminController {
  constructor(
    private readonly pages: SignedInPages,
    private readonly overviews: AdminOverviews,
    private readonly deliveries: AdminDeliveries,
    private readonly users: Users,
    private readonly clients: Clients,
    private readonly revocations: Revocations,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const signedIn = await this.pages.requireAdministrator(request, reply);
    if (!signedIn) return;
    const [anomalies, clients, users, deliveries] = await Promise.all([
      this.overviews.events({ type: 'anomaly' }, undefined, ANOMALIES),
      this.overviews.busiestClients(),
      this.overviews.busiestUsers(),
      this.deliveries.list(),
    ]);
    const frame = this.pages.frame(request, signedIn, '/admin');
    const view = { frame, anomalies: anomalies.rows, clients, users, deliveries };
    sendPage(reply, <AdminPage {...view} />);
  }

  @Get('events')
  async events(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const signedIn = await this.pages.requireAdministrator(request, reply);
    if (!signedIn) return;
    const parameters = Parameters.from(query);
    const { filter, values, errors } = readEventFilter(parameters);
    const before = readPageCursor(parameters.get('before'));
    const isWrong = Object.keys(errors).length > 0;
    const list = isWrong ? { rows: [], nextCursor: undefined } : await this.overviews.events(filter, before, EVENTS);
    const frame = this.pages.frame(request, signedIn, '/admin');
    const view = { frame, list, values, errors, isFirst: before === undefined };
    sendPage(reply, <EventsPage {...view} />, isWrong ? 400 : 200);
  }

  /** Redirects to the page of the user or client with the given name. */
  @Get('find')
  async find(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: RawParameters): Promise<void> {
    if (!(await this.pages.requireAdministrator(request, reply))) return;
    const name = Parameters.from(query).get('name')?.trim() ?? '';
    const user = await this.users.findByIdOrEmail(name);
    if (user) return seeOther(reply, `/admin/user?id=${user.id}`);
    const clients = await this.clients.namesOf([name.replaceAll('\0', '')]);
    if (clients.size === 0) throw notFound();
    seeOther(reply, `/admin/client?id=${encodeURIComponent(name)}`);
  }

  @Get('user')
  async user(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: RawParameters): Promise<void> {
    const parameters = Parameters.from(query);
    const user = await this.users.findByIdOrEmail(parameters.get('id') ?? '');
    await this.showSubject(
      request,
      reply,
      parameters,
      user && {
        ...{ kind: 'user', id: user.id, name: user.email, note: user.disabledAt ? 'disabled' : undefined },
      },
    );
  }

  @Get('client')
  async client(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const parameters = Parameters.from(query);
    const id = (parameters.get('id') ?? '').replaceAll('\0', '');
    const name = (await this.clients.namesOf([id])).get(id);
    await this.showSubject(request, reply, parameters, name === undefined ? null : { kind: 'client', id, name });
  }

  /** Ends every session and revokes every grant of a user, or revokes every token of a client. */
  @Post('revoke')
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: RawParameters): Promise<void> {
    const signedIn = await this.pages.requireAdministrator(request, reply);
    if (!signedIn) return;
    const form = this.pages.readForm(request, '/admin', body);
    const [userId, clientId] = [form.get('user'), form.get('client')];
    const origin = { ...originOf(request), actor: signedIn.user.id };
    if (userId !== undefined) {
      const user = await this.users.findByIdOrEmail(userId);
      if (!user) throw notFound();
      await this.revocations.revokeUserTokens(user.id, origin);
      return seeOther(reply, `/admin/user?id=${user.id}&done=1`);
    }
    if (clientId === undefined || !(await this.clients.namesOf([clientId.replaceAll('\0', '')])).size) throw notFound();
    await this.revocations.revokeClientTokens(clientId, origin);
    seeOther(reply, `/admin/client?id=${encodeURIComponent(clientId)}&done=1`);
  }

  private async showSubject(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Parameters,
    subject: { kind: 'user' | 'client'; id: string; name: string; note?: string | undefined } | null,
  ): Promise<void> {
    const signedIn = await this.pages.requireAdministrator(request, reply);
    if (!signedIn) return;
    if (!subject) throw notFound();
    const selection = { [subject.kind]: subject.id };
    const [list, counts] = await Promise.all([
      this.overviews.events(selection, undefined, EVENTS),
      this.overviews.usageOf(selection),
    ]);
    const frame = this.pages.frame(request, signedIn, '/admin');
    const formToken = this.pages.formToken(request, '/admin');
    const view = { frame, subject, list, counts, formToken, isDone: parameters.has('done') };
    sendPage(reply, <UserOrClientPage {...view} />);
  }
}

const notFound = (): ProblemError =>
  new ProblemError(404, 'No such user or application', {
    detail: 'Search for a user by e-mail address or id, or for an application by its client id.',
  });
