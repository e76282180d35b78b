import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { OAuthError, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuthorizationRequest, continuationOf, isForClient } from './interaction/authorization-request.js';
import { PendingAuthorizations } from './interaction/pending-authorizations.js';
import { originOf } from '../http/request-origin.js';
import { seeOther } from '../http/replies.js';
import { AuthorizationRequestReader } from './request/authorization-request-reader.js';
import { readFormParameters } from '../http/read-form-parameters.js';
import { AuthorizationResponder } from './response/authorization-responder.js';
import { CodeIssuer } from './response/code-issuer.js';
import { type NextStep, NextStepFinder } from './interaction/next-step.js';

type FinalStep = Extract<NextStep, { step: 'grant' | 'refuse' }>;

/**
 * `/authorize`: the authorization endpoint, to which clients send users (OAuth 2.1 §3.1, OpenID Connect Core §3.1.2).
 */
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
    if (next.step === 'grant' || next.step === 'refuse') return this.respond(httpRequest, reply, request, next);
    const id = await this.pending.add(httpRequest, reply, request);
    seeOther(reply, pageOf(next.step, id));
  }

  /**
   * Takes a request in a form (OpenID Connect Core §3.1.2.1). A form from another site comes without our cookies, so
   * the request is stored and the browser is redirected, after which it sends them. Until then it gets no new cookie,
   * because the old ones could not be counted.
   */
  @Post()
  async post(@Req() httpRequest: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const request = await this.read(reply, () => readFormParameters(httpRequest, body));
    if (!request) return;
    const id = await this.pending.addUnclaimed(httpRequest, request);
    seeOther(reply, `/authorize/continue?authorization=${id}`);
  }

  /** Continues a pending request after each page that the user has completed. */
  @Get('continue')
  async continue(
    @Req() httpRequest: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const id = Parameters.from(query).get('authorization') ?? '';
    const found = await this.pending.find(httpRequest, id);
    const pending = found.state === 'unknown' ? ((await this.pending.claim(httpRequest, reply, id)) ?? found) : found;
    if (pending.state !== 'pending') return seeOther(reply, pageOf('sign-in', id));
    // A device and a page of the provider get no response from this endpoint.
    if (!isForClient(pending.request)) return seeOther(reply, continuationOf(pending));
    const next = await this.steps.find(httpRequest, pending.request, pending.progress);
    if (next.step === 'sign-in' || next.step === 'consent') return seeOther(reply, pageOf(next.step, id));
    // Of two concurrent requests, one sends the response; the other shows that the authorization is closed.
    if (!(await this.pending.close(pending))) return seeOther(reply, pageOf('sign-in', id));
    await this.respond(httpRequest, reply, pending.request, next);
  }

  /** Returns the checked request; undefined after an error response was sent to the client. */
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

  private async respond(
    httpRequest: FastifyRequest,
    reply: FastifyReply,
    request: AuthorizationRequest,
    next: FinalStep,
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
