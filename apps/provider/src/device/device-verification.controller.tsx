import { Body, Controller, Get, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { type Attempt, networkOf, SameOriginGuard, TooManyRequestsError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type PendingAuthorization,
  PendingAuthorizations,
} from '../authorization/interaction/pending-authorizations.js';
import { needsSignIn } from '../authorization/interaction/authorization-progress.js';
import { ProviderAdmission } from '../database/provider-admission.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { originOf } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { SessionCookie, type SignedIn } from '../sessions/session-cookie.js';
import { seeOther, sendPage } from '../http/replies.js';
import { AuthorizationPages } from '../authorization/interaction/authorization-pages.js';
import { checkFormToken } from '../http/form-token.js';
import { describePermissions } from '../authorization/consent/describe-permissions.js';
import { DeviceAuthorizations } from './device-authorizations.js';
import { DeviceVerification } from './device-verification.js';
import {
  DeviceConsentPage,
  DeviceOutcomePage,
  UserCodePage,
  type UserCodePageProps,
} from './device-verification.page.js';
import { formatUserCode, readUserCode } from './user-code.js';

const NOT_FOUND = {
  title: 'This code is not valid',
  message:
    'Compare it with the code on your device, or start again there. A code works once and only for a few minutes.',
};

/** `/device`: the verification URI, where users allow or deny the requests of devices (RFC 8628 §3.3). */
@Controller('device')
@UseGuards(SameOriginGuard)
export class DeviceVerificationController {
  constructor(
    private readonly admission: ProviderAdmission,
    private readonly devices: DeviceAuthorizations,
    private readonly verification: DeviceVerification,
    private readonly pending: PendingAuthorizations,
    private readonly pages: AuthorizationPages,
    private readonly resourceServers: ResourceServers,
    private readonly sessionCookie: SessionCookie,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Shows the form for the user code, or takes the code that the user typed or that came in the URL (RFC 8628 §3.3.1).
   */
  @Get()
  async enter(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const typed = Parameters.from(query).get('user_code');
    if (typed === undefined) return showForm(reply);
    const attempt = await this.beginAttempt(request);
    if (attempt instanceof TooManyRequestsError) {
      void reply.headers(attempt.headers);
      return showForm(reply, { userCode: typed, failure: tooManyAttempts(attempt.retryAfterSeconds) }, 429);
    }
    const device = await this.devices.findOpen(readUserCode(typed));
    if (!device) {
      await this.recordFailure(request, 'unknown code');
      return showForm(reply, { userCode: typed, failure: NOT_FOUND }, 400);
    }
    await attempt.succeeded();
    seeOther(reply, await this.verification.begin(request, reply, device));
  }

  /** Sends the user to the sign-in page if necessary, then shows the consent page. */
  @Get('continue')
  async continue(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const pending = await this.verification.find(request, Parameters.from(query).get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn || needsSignIn(pending.request, pending.progress, signedIn.session)) return signIn(reply, pending);
    const { clientName } = await this.pages.describeClient(pending.request);
    const device = await this.devices.find(pending.request.deviceAuthorization);
    if (!device?.isOpen) return sendPage(reply, <DeviceOutcomePage outcome="too late" clientName={clientName} />, 410);
    const view = {
      clientName,
      userCode: formatUserCode(device.userCode),
      email: signedIn.user.email,
      permissions: describePermissions(pending.request.scopes, await this.resourceServers.all()),
      authorization: pending.id,
      formToken: formToken(pending, signedIn),
    };
    sendPage(reply, <DeviceConsentPage {...view} />);
  }

  /** Takes the decision of the user. */
  @Post()
  async decide(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: RawParameters): Promise<void> {
    const form = Parameters.from(body);
    const pending = await this.verification.find(request, form.get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn) return signIn(reply, pending);
    checkFormToken(form.get('form_token'), formToken(pending, signedIn));
    const decision = form.get('decision');
    if (decision !== 'allow' && decision !== 'deny') throw invalidRequest('decision must be allow or deny');
    const { clientName } = await this.pages.describeClient(pending.request);
    if (!(await this.pending.close(pending))) {
      return this.pages.sendClosed(request, reply, { state: 'answered', clientId: pending.request.clientId });
    }
    const outcome = await this.verification.decide(request, pending.request, signedIn, decision);
    sendPage(
      reply,
      <DeviceOutcomePage outcome={outcome} clientName={clientName} />,
      outcome === 'too late' ? 410 : 200,
    );
  }

  /** Counts an attempt before its code is looked up. Returns the error when the network has made too many. */
  private async beginAttempt(request: FastifyRequest): Promise<Attempt | TooManyRequestsError> {
    try {
      return await this.admission.attempt(['user-code', networkOf(request.ip)]);
    } catch (error) {
      if (!(error instanceof TooManyRequestsError)) throw error;
      await this.recordFailure(request, 'too many attempts');
      return error;
    }
  }

  private recordFailure(request: FastifyRequest, reason: string): Promise<void> {
    return this.events.record({ type: 'user-code', outcome: 'failure', details: { reason }, ...originOf(request) });
  }
}

/**
 * Returns the form token. It is bound to the user who saw the page, because somebody else may sign in before it is
 * sent.
 */
const formToken = (pending: PendingAuthorization, { user }: SignedIn): string => pending.formToken('device', user.id);

const signIn = (reply: FastifyReply, { id }: PendingAuthorization): void =>
  seeOther(reply, `/login?authorization=${id}`);

const showForm = (reply: FastifyReply, view: UserCodePageProps = {}, status = 200): void =>
  sendPage(reply, <UserCodePage {...view} />, status);

function tooManyAttempts(seconds: number): UserCodePageProps['failure'] {
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return { title: 'Too many attempts', message: `Wait ${wait}, then try again.` };
}
