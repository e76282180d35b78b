import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../http/request-origin.js';
import { SessionCookie } from '../session-cookie.js';
import { Sessions } from '../sessions.js';
import { seeOther } from '../../http/replies.js';
import { readFormParameters } from '../../http/read-form-parameters.js';
import { type SignOutRequest, SignOutRequestReader } from './sign-out-request-reader.js';

/** `/end-session`: where clients send people to sign out (OpenID Connect RP-Initiated Logout §2). */
@Controller('end-session')
export class EndSessionController {
  constructor(
    private readonly requests: SignOutRequestReader,
    private readonly sessionCookie: SessionCookie,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  async get(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const request = await this.requests.read(Parameters.from(httpRequest.query as RawParameters));
    const session = (await this.sessionCookie.read(httpRequest))?.session;
    if (session && !request.knownSessions.includes(session.id)) {
      return seeOther(reply, `/end-session/confirm${queryOf(request)}`);
    }
    if (session) await this.sessions.end(session, askedBy(request, httpRequest));
    // Nobody is asked when nobody is signed in; who brought a bad hint is not sent anywhere without a question.
    const mayRedirect = session !== undefined || !request.hasBadHint;
    this.finish(reply, mayRedirect ? request : { ...request, redirectUri: undefined });
  }

  /** The request as a form of a client, or the confirmation that our own page sends. */
  @Post()
  async post(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const parameters = readFormParameters(httpRequest, body);
    const request = await this.requests.read(parameters);
    const formToken = parameters.get('form_token');
    const session = (await this.sessionCookie.read(httpRequest))?.session;
    // A form of another site brings no cookies along: the browser comes back by itself, with them.
    if (!session || formToken === undefined) return seeOther(reply, `/end-session${queryOf(request)}`);
    if (!this.sessionCookie.isFormToken(httpRequest, 'sign-out', formToken)) {
      throw new ProblemError(403, 'This page was out of date', { detail: 'Go back, reload the page and try again.' });
    }
    await this.sessions.end(session, askedBy(request, httpRequest));
    this.finish(reply, request);
  }

  private finish(reply: FastifyReply, { client, redirectUri, state }: SignOutRequest): void {
    this.sessionCookie.clear(reply);
    if (redirectUri === undefined) return seeOther(reply, signedOutPage(client));
    if (state === undefined) return seeOther(reply, redirectUri);
    const separator = redirectUri.includes('?') ? '&' : '?';
    seeOther(reply, `${redirectUri}${separator}${new URLSearchParams({ state }).toString()}`);
  }
}

const askedBy = ({ client }: SignOutRequest, httpRequest: FastifyRequest) => ({
  ...(client && { clientId: client.clientId }),
  ...originOf(httpRequest),
});

function signedOutPage(client: SignOutRequest['client']): string {
  return client
    ? `/end-session/signed-out?client_id=${encodeURIComponent(client.clientId)}`
    : '/end-session/signed-out';
}

/** What was believed of a request, for the page or the endpoint that goes on with it; no ID token gets into an address. */
function queryOf({ client, redirectUri, state, knownSessions, hasBadHint }: SignOutRequest): string {
  const [logoutHint] = knownSessions;
  const query = new URLSearchParams({
    ...(client && { client_id: client.clientId }),
    ...(redirectUri !== undefined && { post_logout_redirect_uri: redirectUri }),
    ...(state !== undefined && { state }),
    ...(logoutHint !== undefined && { logout_hint: logoutHint }),
    ...(hasBadHint && { id_token_hint: 'refused' }),
  });
  return query.size > 0 ? `?${query.toString()}` : '';
}
