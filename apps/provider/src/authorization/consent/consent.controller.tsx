import { Body, Controller, Get, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Consents } from '../../grants/consents.js';
import { continuationOf, isForClient } from '../interaction/authorization-request.js';
import { type PendingAuthorization, PendingAuthorizations } from '../interaction/pending-authorizations.js';
import { claimOfPermission, permissionsOf } from '../interaction/permissions.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { SessionCookie, type SignedIn } from '../../sessions/session-cookie.js';
import { seeOther, sendPage } from '../../http/replies.js';
import { AuthorizationPages } from '../interaction/authorization-pages.js';
import { checkFormToken } from '../../http/form-token.js';
import { contentSecurityFor } from '../interaction/client-presentation.js';
import { ConsentPage } from './consent.page.js';
import { describePermissions } from './describe-permissions.js';

/** `/consent`: the page where a user allows or denies the request of a client. */
@Controller('consent')
@UseGuards(SameOriginGuard)
export class ConsentController {
  constructor(
    private readonly pending: PendingAuthorizations,
    private readonly pages: AuthorizationPages,
    private readonly resourceServers: ResourceServers,
    private readonly sessionCookie: SessionCookie,
    private readonly consents: Consents,
    private readonly events: SecurityEvents,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: RawParameters): Promise<void> {
    const pending = await this.pending.find(request, Parameters.from(query).get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn || !isForClient(pending.request)) return goOn(reply, pending);
    const permissions = describePermissions(permissionsOf(pending.request), await this.resourceServers.all());
    const client = await this.pages.describeClient(pending.request);
    const form = { authorization: pending.id, formToken: formToken(pending, signedIn) };
    const { email } = signedIn.user;
    const view = <ConsentPage {...client} {...form} email={email} permissions={permissions} />;
    sendPage(reply, view, 200, contentSecurityFor(client));
  }

  @Post()
  async decide(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: RawParameters): Promise<void> {
    const form = Parameters.from(body);
    const pending = await this.pending.find(request, form.get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn || !isForClient(pending.request)) return goOn(reply, pending);
    checkFormToken(form.get('form_token'), formToken(pending, signedIn));
    const decision = form.get('decision');
    if (decision === 'allow') await this.allow(request, pending, signedIn);
    else if (decision === 'deny') await this.deny(request, pending, signedIn);
    else throw invalidRequest('decision must be allow or deny');
    goOn(reply, pending);
  }

  private async allow(request: FastifyRequest, pending: PendingAuthorization, signedIn: SignedIn): Promise<void> {
    // Throws when the client is no longer registered.
    await this.pages.describeClient(pending.request);
    await this.consents.add(signedIn.user.id, pending.request.clientId, permissionsOf(pending.request));
    await this.record('success', request, pending, signedIn);
    await this.pending.saveProgress(pending, { allowedBy: signedIn.user.id });
  }

  private async deny(request: FastifyRequest, pending: PendingAuthorization, signedIn: SignedIn): Promise<void> {
    await this.record('failure', request, pending, signedIn);
    await this.pending.saveProgress(pending, { denied: true });
  }

  private record(
    outcome: 'success' | 'failure',
    request: FastifyRequest,
    pending: PendingAuthorization,
    { user, session }: SignedIn,
  ): Promise<void> {
    const { clientId, scopes } = pending.request;
    const who = { userId: user.id, sessionId: session.id, clientId };
    const claims = permissionsOf(pending.request).flatMap((permission) => claimOfPermission(permission) ?? []);
    const details = { scope: scopes.join(' '), ...(claims.length > 0 && { claims: claims.join(' ') }) };
    return this.events.record({ type: 'consent', outcome, ...who, details, ...originOf(request) });
  }
}

/**
 * Returns the form token. It is bound to the user who saw the page, because somebody else may sign in before it is
 * sent.
 */
const formToken = (pending: PendingAuthorization, { user }: SignedIn): string => pending.formToken('consent', user.id);

function goOn(reply: FastifyReply, pending: PendingAuthorization): void {
  seeOther(reply, continuationOf(pending));
}
