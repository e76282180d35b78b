import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../config.js';
import { formTokenOf } from '../http/form-token.js';
import type { User } from '../users/user.entity.js';
import { Users } from '../users/users.js';
import type { Session } from './session.entity.js';
import { Sessions } from './sessions.js';

/** Who is signed in with a browser. */
export interface SignedIn {
  readonly session: Session;
  readonly user: User;
}

/** The cookie by which a browser opens its sign-in session. */
@Injectable()
export class SessionCookie {
  private readonly name: string;

  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'SESSION_LIFETIME'>,
  ) {
    this.name = cookieName('trefoil_provider_session', config.ISSUER);
  }

  /** The live session of a browser and the user it belongs to, unless the user is disabled. */
  async read(request: FastifyRequest): Promise<SignedIn | undefined> {
    const secret = request.cookies[this.name];
    const session = secret ? await this.sessions.findBySecret(secret) : null;
    const user = session && (await this.users.find(session.userId));
    return session && user ? { session, user } : undefined;
  }

  write(reply: FastifyReply, secret: string): void {
    const maxAge = this.config.SESSION_LIFETIME;
    void reply.setCookie(this.name, secret, { ...cookieAttributes(this.config.ISSUER), maxAge });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.name, cookieAttributes(this.config.ISSUER));
  }

  /** The token for a form that acts on the session. */
  formToken(request: FastifyRequest, purpose: string): string {
    return formTokenOf(request.cookies[this.name] ?? '', purpose);
  }

  /** Whether a form was made for this browser's session and this purpose. */
  isFormToken(request: FastifyRequest, purpose: string, token: string | undefined): boolean {
    if (!request.cookies[this.name] || token === undefined) return false;
    return equalInConstantTime(token, this.formToken(request, purpose));
  }
}
