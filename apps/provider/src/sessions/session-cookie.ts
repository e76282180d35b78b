import { Inject, Injectable } from '@nestjs/common';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import { CONFIG, type ProviderConfig } from '../config.js';
import { checkFormToken, formTokenOf } from '../http/form-token.js';
import type { ReplyWithCookies, RequestWithCookies } from '../http/http-message.js';
import { Sessions, type SignedIn } from './sessions.js';

export type { SignedIn };

/** Reads and writes the cookie that ties a browser to its session, and makes form tokens from the cookie's secret. */
@Injectable()
export class SessionCookie {
  private readonly name: string;

  constructor(
    private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'SESSION_LIFETIME'>,
  ) {
    this.name = cookieName('trefoil_provider_session', config.ISSUER);
  }

  /** Returns the live session of a browser and its user; undefined when there is none or the user is disabled. */
  async read(request: RequestWithCookies): Promise<SignedIn | undefined> {
    const secret = request.cookies[this.name];
    return secret ? this.sessions.findSignedIn(secret) : undefined;
  }

  /** Sets the cookie to the secret of a new session. */
  write(reply: ReplyWithCookies, secret: string): void {
    const maxAge = this.config.SESSION_LIFETIME;
    reply.setCookie(this.name, secret, { ...cookieAttributes(this.config.ISSUER), maxAge });
  }

  /** Removes the cookie. */
  clear(reply: ReplyWithCookies): void {
    reply.clearCookie(this.name, cookieAttributes(this.config.ISSUER));
  }

  /**
   * Returns the token for a form that acts on the session.
   *
   * @param purpose names the form; a token holds for this purpose only.
   */
  formToken(request: RequestWithCookies, purpose: string): string {
    return formTokenOf(request.cookies[this.name] ?? '', purpose);
  }

  /**
   * Checks that a token was made for this browser's session and this purpose.
   *
   * @throws ProblemError 403
   */
  checkFormToken(request: RequestWithCookies, purpose: string, token: string | undefined): void {
    // Without a cookie no token can be right, not even one that is derived from an empty secret.
    checkFormToken(request.cookies[this.name] ? token : undefined, this.formToken(request, purpose));
  }
}
