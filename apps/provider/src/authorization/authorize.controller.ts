import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { OAuthError, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from './interaction/authorization-request.js';
import { continuationOf, isForClient } from './interaction/continuation.js';
import { PendingAuthorizations } from './interaction/pending-authorizations.js';
import { originOf } from '../http/request-origin.js';
import { seeOther } from '../http/replies.js';
import { AuthorizationRequestReader } from './request/authorization-request-reader.js';
import { readFormParameters } from '../http/read-form-parameters.js';
import { AuthorizationResponder } from './response/authorization-responder.js';
import { CodeIssuer } from './response/code-issuer.js';
import type { NextStep } from './interaction/next-step.js';
import { NextStepFinder } from './interaction/next-step-finder.js';

type Answer = Extract<NextStep, { step: 'grant' | 'refuse' }>;

/** `/authorize`: where clients send people to sign in and consent (OAuth 2.1 §3.1, OpenID Connect Core §3.1.2). */
@Controller('authorize')
export class AuthorizeController {
  constructor(
    private readonly requests: AuthorizationRequestReader,
    private readonly steps: NextStepFinder,
    private readonly pending: PendingAuthorizations,
    private readonly codes: CodeIssuer,
    private readonly responder: AuthorizationResponder,
  ) {}

  @Get()
  async get(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const request = await this.read(reply, () => Parameters.from(httpRequest.query as RawParameters));
    if (!request) return;
    const next = await this.steps.find(httpRequest, request);
    if (next.step === 'grant' || next.step === 'refuse') return this.answer(httpRequest, reply, request, next);
    const id = await this.pending.add(httpRequest, reply, request);
    seeOther(reply, pageOf(next.step, id));
  }

  /**
   * The request as a form (OpenID Connect Core §3.1.2.1). A form of another site brings no cookies along, so the request
   * waits for the browser to come back by itself, with them.
   */
  @Post()
  async post(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const request = await this.read(reply, () => readFormParameters(httpRequest, body));
    if (!request) return;
    const id = await this.pending.add(httpRequest, reply, request);
    seeOther(reply, `/authorize/continue?authorization=${id}`);
  }

  /** Goes on with a request that waits, after each page that a person has answered. */
  @Get('continue')
  async continue(
    @Req() httpRequest: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const id = Parameters.from(query).get('authorization') ?? '';
    const pending = await this.pending.find(httpRequest, id);
    if (pending.state !== 'pending') return seeOther(reply, pageOf('sign-in', id));
    // No answer of this endpoint is for anybody else.
    if (!isForClient(pending.request)) return seeOther(reply, continuationOf(pending));
    const next = await this.steps.find(httpRequest, pending.request, pending.progress);
    if (next.step === 'sign-in' || next.step === 'consent') return seeOther(reply, pageOf(next.step, id));
    // Only one of two that come at once may answer; the other is shown that it is done.
    if (!(await this.pending.close(pending))) return seeOther(reply, pageOf('sign-in', id));
    await this.answer(httpRequest, reply, pending.request, next);
  }

  /** The checked request; undefined when the client has been told what is wrong with it. */
  private async read(reply: FastifyReply, parameters: () => Parameters): Promise<AuthorizationRequest | undefined> {
    const addressed = await this.requests.findAddress(parameters);
    try {
      return await this.requests.check(addressed);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      await this.responder.sendError(reply, addressed.address, error);
      return undefined;
    }
  }

  private async answer(
    httpRequest: FastifyRequest,
    reply: FastifyReply,
    request: AuthorizationRequest,
    next: Answer,
  ): Promise<void> {
    await this.requests.finish(request);
    if (next.step === 'refuse') return this.responder.sendError(reply, request, next.error);
    const code = await this.codes.issue(request, next.signedIn.session, originOf(httpRequest));
    await this.responder.sendCode(reply, request, code);
  }
}

const PAGES = { 'sign-in': '/login', consent: '/consent' } as const;

const pageOf = (step: keyof typeof PAGES, id: string): string =>
  `${PAGES[step]}?authorization=${encodeURIComponent(id)}`;
