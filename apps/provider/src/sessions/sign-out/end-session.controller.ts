import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readFormParameters } from '../../http/read-form-parameters.js';
import { seeOther } from '../../http/replies.js';
import { originOf } from '../../http/request-origin.js';
import { SessionCookie } from '../session-cookie.js';
import { Sessions } from '../sessions.js';
import { type SignOutRequest, SignOutRequestReader } from './sign-out-request-reader.js';

/** Serves `/end-session`, to which clients send people to sign out (OpenID Connect RP-Initiated Logout §2). */
@Controller('end-session')
export class EndSessionController {
  constructor(
    private readonly requests: SignOutRequestReader,
    private readonly sessionCookie: SessionCookie,
    private readonly sessions: Sessions,
  ) {}

  /** Signs out at once when the request proves to know the session; otherwise asks the person first. */
  @Get()
  async get(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const request = await this.requests.read(Parameters.from(httpRequest.query as RawParameters));
    const session = (await this.sessionCookie.read(httpRequest))?.session;
    if (session && !(await this.requests.isFromClientOf(session, request))) {
      return seeOther(reply, `/end-session/confirm${queryOf(request)}`);
    }
    if (session) await this.sessions.end(session, endedBy(request, httpRequest));
    // Without a session there is nobody to ask. A request with a bad hint must not redirect without a confirmation.
    const mayRedirect = session !== undefined || !request.hasBadHint;
    this.finish(reply, mayRedirect ? request : { ...request, redirectUri: undefined });
  }

  /** Handles a request that a client sends as a form, and the confirmation form of our own page. */
  @Post()
  async post(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const parameters = readFormParameters(httpRequest, body);
    const request = await this.requests.read(parameters);
    const formToken = parameters.get('form_token');
    const session = (await this.sessionCookie.read(httpRequest))?.session;
    // A form of another site arrives without the SameSite cookie. After the redirect the browser sends it.
    if (!session || formToken === undefined) return seeOther(reply, `/end-session${queryOf(request)}`);
    this.sessionCookie.checkFormToken(httpRequest, 'sign-out', formToken);
    await this.sessions.end(session, endedBy(request, httpRequest));
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

const endedBy = ({ client }: SignOutRequest, httpRequest: FastifyRequest) => ({
  ...(client && { clientId: client.clientId }),
  ...originOf(httpRequest),
});

function signedOutPage(client: SignOutRequest['client']): string {
  return client
    ? `/end-session/signed-out?client_id=${encodeURIComponent(client.clientId)}`
    : '/end-session/signed-out';
}

/** Returns the verified parameters as a query for the next step. It contains no ID token, because URLs end up in logs. */
function queryOf({ client, redirectUri, state, sids, hasBadHint }: SignOutRequest): string {
  const [logoutHint] = sids;
  const query = new URLSearchParams({
    ...(client && { client_id: client.clientId }),
    ...(redirectUri !== undefined && { post_logout_redirect_uri: redirectUri }),
    ...(state !== undefined && { state }),
    ...(logoutHint !== undefined && { logout_hint: logoutHint }),
    ...(hasBadHint && { id_token_hint: 'refused' }),
  });
  return query.size > 0 ? `?${query.toString()}` : '';
}
