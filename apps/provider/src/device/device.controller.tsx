import { Body, Controller, Get, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeviceAuthorizations } from './device-authorizations.js';
import { formatUserCode, readUserCode } from './user-code.js';
import {
  type PendingAuthorization,
  PendingAuthorizations,
} from '../authorization/interaction/pending-authorizations.js';
import { needsSignIn } from '../authorization/interaction/progress.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { originOf } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { SessionCookie, type SignedIn } from '../sessions/session-cookie.js';
import { seeOther, sendPage } from '../http/replies.js';
import { AuthorizationParties } from '../authorization/interaction/authorization-parties.js';
import { checkFormToken } from '../http/form-token.js';
import { describeScopes } from '../authorization/consent/describe-scopes.js';
import { DeviceAnswers } from './device-answers.js';
import { DeviceAnsweredPage } from './device-answered.page.js';
import { DeviceConsentPage } from './device-consent.page.js';
import { DeviceRequests } from './device-requests.js';
import { UserCodeAttempts } from './user-code-attempts.js';
import { UserCodePage, type UserCodeViewProps } from './user-code.page.js';

const NOT_FOUND = {
  title: 'That code is not waiting',
  message: 'Check it against your device, or start there again: a code is good for a few minutes and for one answer.',
};

/** `/device`: where people allow a device what it asks for (RFC 8628 §3.3). Signing in is done where it always is. */
@Controller('device')
@UseGuards(SameOriginGuard)
export class DeviceController {
  constructor(
    private readonly attempts: UserCodeAttempts,
    private readonly devices: DeviceAuthorizations,
    private readonly requests: DeviceRequests,
    private readonly answers: DeviceAnswers,
    private readonly pending: PendingAuthorizations,
    private readonly parties: AuthorizationParties,
    private readonly resourceServers: ResourceServers,
    private readonly sessionCookie: SessionCookie,
    private readonly events: SecurityEvents,
  ) {}

  /** Asks for the code, or goes on with the one that was typed or came with the address (RFC 8628 §3.3.1). */
  @Get()
  async enter(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const typed = Parameters.from(query).get('user_code');
    if (typed === undefined) return showForm(reply);
    const attempt = await this.attempts.begin(request.ip);
    if (!attempt.allowed) {
      await this.recordMistyped(request, 'too many attempts');
      void reply.header('Retry-After', attempt.retryAfterSeconds);
      return showForm(reply, { userCode: typed, failure: tooManyAttempts(attempt.retryAfterSeconds) }, 429);
    }
    const device = await this.devices.findOpen(readUserCode(typed));
    if (!device) {
      await this.recordMistyped(request, 'unknown code');
      return showForm(reply, { userCode: typed, failure: NOT_FOUND }, 400);
    }
    await this.attempts.succeeded(request.ip);
    seeOther(reply, await this.requests.begin(request, reply, device));
  }

  /** Signs the person in if need be, then asks. */
  @Get('continue')
  async continue(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const pending = await this.requests.find(request, Parameters.from(query).get('authorization'));
    if (pending.state !== 'pending') return this.parties.showClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn || needsSignIn(pending.request, pending.progress, signedIn.session)) return signIn(reply, pending);
    const { clientName } = await this.parties.describe(pending.request);
    const device = await this.devices.find(pending.request.deviceAuthorization);
    if (!device?.isOpen) return sendPage(reply, <DeviceAnsweredPage outcome="too late" clientName={clientName} />, 410);
    const view = {
      clientName,
      userCode: formatUserCode(device.userCode),
      email: signedIn.user.email,
      permissions: describeScopes(pending.request.scopes, await this.resourceServers.all()),
      authorization: pending.id,
      formToken: formToken(pending, signedIn),
    };
    sendPage(reply, <DeviceConsentPage {...view} />);
  }

  @Post()
  async decide(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: RawParameters): Promise<void> {
    const form = Parameters.from(body);
    const pending = await this.requests.find(request, form.get('authorization'));
    if (pending.state !== 'pending') return this.parties.showClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn) return signIn(reply, pending);
    checkFormToken(form.get('form_token'), formToken(pending, signedIn));
    const decision = form.get('decision');
    if (decision !== 'allow' && decision !== 'deny') throw invalidRequest('decision must be allow or deny');
    const { clientName } = await this.parties.describe(pending.request);
    if (!(await this.pending.close(pending))) {
      return this.parties.showClosed(request, reply, { state: 'answered', clientId: pending.request.clientId });
    }
    const outcome = await this.answers.give(request, pending.request, signedIn, decision);
    sendPage(
      reply,
      <DeviceAnsweredPage outcome={outcome} clientName={clientName} />,
      outcome === 'too late' ? 410 : 200,
    );
  }

  private recordMistyped(request: FastifyRequest, reason: string): Promise<void> {
    return this.events.record({ type: 'user-code', outcome: 'failure', details: { reason }, ...originOf(request) });
  }
}

/** Holds only for the person the page was shown to: somebody else may have signed in since. */
const formToken = (pending: PendingAuthorization, { user }: SignedIn): string => pending.formToken('device', user.id);

const signIn = (reply: FastifyReply, { id }: PendingAuthorization): void =>
  seeOther(reply, `/login?authorization=${id}`);

const showForm = (reply: FastifyReply, view: UserCodeViewProps = {}, status = 200): void =>
  sendPage(reply, <UserCodePage {...view} />, status);

function tooManyAttempts(seconds: number): UserCodeViewProps['failure'] {
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return { title: 'Too many attempts', message: `Wait ${wait}, then try again.` };
}
