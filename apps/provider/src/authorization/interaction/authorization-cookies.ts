import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { MOST_PENDING_AUTHORIZATIONS } from '../../limits.js';

/** The time of issue in milliseconds, and the secret. */
const VALUE = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

/**
 * Binds each pending authorization to the browser that started it, by a cookie of its own. A single cookie for all
 * would be overwritten when a browser restores several tabs at once.
 *
 * Cookies are set only in responses to requests that bring the earlier cookies, and these requests also remove the
 * oldest ones. So no other site can make a browser collect cookies until their header is too large for the server.
 */
@Injectable()
export class AuthorizationCookies {
  private readonly prefix: string;
  private lastIssued = 0;

  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>) {
    this.prefix = cookieName('trefoil_provider_authorization_', config.ISSUER);
  }

  /**
   * Sets the cookie of an authorization and returns the secret in it.
   *
   * @param maxAge the lifetime of the cookie, in seconds.
   */
  issue(request: FastifyRequest, reply: FastifyReply, id: string, maxAge: number, secret = randomSecret()): string {
    this.evict(request, reply, MOST_PENDING_AUTHORIZATIONS - 1);
    // Authorizations that begin within one millisecond keep their order.
    this.lastIssued = Math.max(Date.now(), this.lastIssued + 1);
    const value = `${this.lastIssued}.${secret}`;
    void reply.setCookie(this.nameOf(id), value, { ...cookieAttributes(this.config.ISSUER), maxAge });
    return secret;
  }

  /** Returns the secret in the cookie of an authorization; undefined when the browser has none. */
  read(request: FastifyRequest, id: string): string | undefined {
    return VALUE.exec(request.cookies[this.nameOf(id)] ?? '')?.[2];
  }

  /**
   * Removes the oldest cookies from a browser.
   *
   * @param most how many cookies the browser keeps.
   */
  evict(request: FastifyRequest, reply: FastifyReply, most = MOST_PENDING_AUTHORIZATIONS): void {
    const held = Object.entries(request.cookies).filter(([name]) => name.startsWith(this.prefix));
    const issuedAt = (value: string | undefined): number => Number(VALUE.exec(value ?? '')?.[1] ?? 0);
    held.sort(([, a], [, b]) => issuedAt(b) - issuedAt(a));
    for (const [name] of held.slice(most)) {
      void reply.clearCookie(name, cookieAttributes(this.config.ISSUER));
    }
  }

  private nameOf(id: string): string {
    return this.prefix + sha256(id).toString('base64url').slice(0, 16);
  }
}
