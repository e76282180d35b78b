import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FormTokens } from '../forms/form-token.js';
import { SessionCookie } from '../session/session-cookie.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { Sessions } from '../session/sessions.js';
import { BffRoutes } from './bff.decorator.js';

/** The answer to a script about the signed-in user and the session. It contains no token and no session id. */
interface BffUser {
  readonly claims: { readonly sub: string; readonly name?: string };
  /** The seconds after which the session ends when it is not used again. */
  readonly sessionExpiresIn: number;
  /** The address that signs the user out: by a form that posts `form_token`, or by a link to its confirmation. */
  readonly signOutUrl: string;
  readonly formToken: string;
}

/** Tells scripts who is signed in: `GET /bff/user`. */
@Controller('bff/user')
@BffRoutes()
export class BffUserController {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly sessions: Sessions,
    private readonly formTokens: FormTokens,
  ) {}

  /** Does not count as a use of the session, so that a page that asks again and again does not keep it alive. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async user(@Req() request: FastifyRequest): Promise<BffUser> {
    const id = this.cookie.read(request);
    const session = id === undefined ? undefined : await this.sessions.find(id);
    if (!session) throw new SessionEndedError();
    const { sub, name } = session.content;
    return {
      claims: { sub, ...(name !== undefined && { name }) },
      sessionExpiresIn: this.sessions.secondsLeft(session),
      signOutUrl: '/logout',
      formToken: this.formTokens.create(session),
    };
  }
}
