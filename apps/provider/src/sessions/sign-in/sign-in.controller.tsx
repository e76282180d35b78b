import { Body, Controller, Get, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { type Attempt, SameOriginGuard, TooManyRequestsError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthorizationPages } from '../../authorization/interaction/authorization-pages.js';
import { needsAuthentication, needsSignIn } from '../../authorization/interaction/authorization-progress.js';
import { continuationOf } from '../../authorization/interaction/authorization-request.js';
import { contentSecurityFor } from '../../authorization/interaction/client-presentation.js';
import {
  type PendingAuthorization,
  PendingAuthorizations,
} from '../../authorization/interaction/pending-authorizations.js';
import { Clients } from '../../clients/clients.js';
import { checkFormToken } from '../../http/form-token.js';
import { seeOther, sendPage } from '../../http/replies.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { Subjects } from '../../users/subjects.js';
import type { User } from '../../users/user.entity.js';
import { Users } from '../../users/users.js';
import { SessionCookie, type SignedIn } from '../session-cookie.js';
import { Sessions } from '../sessions.js';
import { KnownBrowsers } from './known-browsers.js';
import { SignInLimits } from './sign-in-limits.js';
import { type SignInMessages, SignInPage } from './sign-in.page.js';

const WRONG_CREDENTIALS: SignInMessages = {
  failure: {
    title: 'That did not match',
    message: 'The e-mail address or the password is not right. Please try again.',
  },
};

/** Serves `/login`, where people authenticate. */
@Controller('login')
@UseGuards(SameOriginGuard)
export class SignInController {
  constructor(
    private readonly pending: PendingAuthorizations,
    private readonly pages: AuthorizationPages,
    private readonly limits: SignInLimits,
    private readonly knownBrowsers: KnownBrowsers,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly sessionCookie: SessionCookie,
    private readonly events: SecurityEvents,
    private readonly clients: Clients,
    private readonly subjects: Subjects,
  ) {}

  /** Shows the sign-in form. Offers the signed-in account when only the choice of account is missing. */
  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: RawParameters): Promise<void> {
    const parameters = Parameters.from(query);
    const pending = await this.pending.find(request, parameters.get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    const standing = [
      pending.request,
      pending.progress,
      signedIn?.session,
      await this.subjectOf(signedIn, pending),
    ] as const;
    const wantsAnotherAccount = parameters.has('switch');
    // The person may have signed in meanwhile, for instance in another tab.
    if (!needsSignIn(...standing) && !wantsAnotherAccount) return continueWith(reply, pending);
    if (signedIn && !needsAuthentication(...standing) && !wantsAnotherAccount) {
      const current = { email: signedIn.user.email, formToken: choiceToken(pending, signedIn) };
      return this.showForm(reply, pending, pending.request.loginHint, 200, { current });
    }
    await this.showForm(reply, pending, pending.request.loginHint);
  }

  /** Continues with the signed-in account (`prompt=select_account`, OpenID Connect Core §3.1.2.1). */
  @Post('current')
  async choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: RawParameters): Promise<void> {
    const form = Parameters.from(body);
    const pending = await this.pending.find(request, form.get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    const signedIn = await this.sessionCookie.read(request);
    if (signedIn) {
      checkFormToken(form.get('form_token'), choiceToken(pending, signedIn));
      await this.pending.saveProgress(pending, { chosen: signedIn.session.id });
    }
    continueWith(reply, pending);
  }

  /** Handles the sign-in form: applies the limits, checks the password and starts a session. */
  @Post()
  async signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: RawParameters): Promise<void> {
    const form = Parameters.from(body);
    const pending = await this.pending.find(request, form.get('authorization'));
    if (pending.state !== 'pending') return this.pages.sendClosed(request, reply, pending);
    checkFormToken(form.get('form_token'), pending.formToken('sign-in'));
    const username = form.get('username');
    const password = form.get('password');
    if (!username || !password) {
      return this.showForm(reply, pending, username, 400, {
        errors: {
          username: username ? undefined : 'Enter your e-mail address.',
          password: password ? undefined : 'Enter your password.',
        },
      });
    }
    const attempt = await this.beginAttempt(request, username);
    if (attempt instanceof TooManyRequestsError) {
      await this.recordFailure(request, pending, username, 'too many attempts');
      void reply.headers(attempt.headers);
      return this.showForm(reply, pending, username, 429, tooManyAttempts(attempt.retryAfterSeconds));
    }
    const user = await this.users.authenticate(username, password);
    if (!user) {
      await this.recordFailure(request, pending, username, 'wrong credentials');
      return this.showForm(reply, pending, username, 400, WRONG_CREDENTIALS);
    }
    await attempt.succeeded();
    this.knownBrowsers.remember(request, reply, user.id);
    await this.startSession(request, reply, pending, user);
    continueWith(reply, pending);
  }

  /** Counts an attempt to sign in. Returns the error when a limit is used up. */
  private async beginAttempt(request: FastifyRequest, username: string): Promise<Attempt | TooManyRequestsError> {
    const user = await this.users.findByEmail(username);
    const knownBrowser = user ? this.knownBrowsers.idFor(request, user.id) : undefined;
    try {
      return await this.limits.begin({ username, address: request.ip, knownBrowser });
    } catch (error) {
      if (error instanceof TooManyRequestsError) return error;
      throw error;
    }
  }

  /** Returns the subject of the signed-in user for the client that asks. */
  private async subjectOf(
    signedIn: SignedIn | undefined,
    { request: { clientId } }: PendingAuthorization,
  ): Promise<string | undefined> {
    const client = signedIn && (await this.clients.find(clientId));
    return client ? this.subjects.of(client, signedIn.user.id) : undefined;
  }

  private async startSession(
    request: FastifyRequest,
    reply: FastifyReply,
    pending: PendingAuthorization,
    user: User,
  ): Promise<void> {
    const previous = (await this.sessionCookie.read(request))?.session ?? null;
    const { session, secret } = await this.sessions.start(user.id, ['pwd'], previous, originOf(request));
    this.sessionCookie.write(reply, secret);
    await this.pending.saveProgress(pending, { signedIn: session.id });
    const about = { userId: user.id, sessionId: session.id, clientId: clientOf(pending) };
    await this.events.record({ type: 'sign-in', outcome: 'success', ...about, ...originOf(request) });
  }

  private async recordFailure(
    request: FastifyRequest,
    pending: PendingAuthorization,
    username: string,
    reason: string,
  ): Promise<void> {
    await this.events.record({
      type: 'sign-in',
      outcome: 'failure',
      userId: (await this.users.findByEmail(username))?.id,
      clientId: clientOf(pending),
      details: { reason },
      ...originOf(request),
    });
  }

  private async showForm(
    reply: FastifyReply,
    pending: PendingAuthorization,
    username: string | undefined,
    status = 200,
    messages: SignInMessages = {},
  ): Promise<void> {
    const client = await this.pages.describeClient(pending.request);
    const isSomebodyExpected = pending.request.subjects !== undefined;
    const form = { authorization: pending.id, formToken: pending.formToken('sign-in'), username, isSomebodyExpected };
    sendPage(reply, <SignInPage {...client} {...form} {...messages} />, status, contentSecurityFor(client));
  }
}

/** Returns the id of the client that a person signs in for; undefined for the provider's own pages. */
const clientOf = ({ request: { clientId, ownPage } }: PendingAuthorization): string | undefined =>
  ownPage === undefined ? clientId : undefined;

/** Returns the form token for continuing with a session. It holds for that session only: another user may sign in meanwhile. */
const choiceToken = (pending: PendingAuthorization, { session }: SignedIn): string =>
  pending.formToken('select-account', session.id);

function continueWith(reply: FastifyReply, pending: PendingAuthorization): void {
  seeOther(reply, continuationOf(pending));
}

function tooManyAttempts(seconds: number): SignInMessages {
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return { failure: { title: 'Too many attempts', message: `Wait ${wait}, then try again.` } };
}
