import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';

/** The number of authorizations that one browser can have at the same time. A new one replaces the oldest. */
const LIMIT = 20;

const VALUE = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/**
 * Binds each pending authorization to the browser that started it, by a cookie of its own. A single cookie for all
 * would be overwritten when a browser restores several tabs at once.
 */
@Injectable()
export class AuthorizationCookies {
  private readonly prefix: string;

  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>) {
    this.prefix = cookieName('trefoil_provider_authorization_', config.ISSUER);
  }

  /**
   * Sets the cookie of an authorization and returns the secret in it.
   *
   * @param maxAge the lifetime of the cookie, in seconds.
   */
  issue(request: FastifyRequest, reply: FastifyReply, id: string, maxAge: number): string {
    const secret = randomSecret();
    this.dropOldest(request, reply);
    const value = `${Math.floor(Date.now() / 1000)}.${secret}`;
    void reply.setCookie(this.nameOf(id), value, { ...cookieAttributes(this.config.ISSUER), maxAge });
    return secret;
  }

  /** Returns the secret in the cookie of an authorization; undefined when the browser has none. */
  read(request: FastifyRequest, id: string): string | undefined {
    return VALUE.exec(request.cookies[this.nameOf(id)] ?? '')?.[2];
  }

  private dropOldest(request: FastifyRequest, reply: FastifyReply): void {
    const held = Object.entries(request.cookies).filter(([name]) => name.startsWith(this.prefix));
    const issuedAt = (value: string | undefined): number => Number(VALUE.exec(value ?? '')?.[1] ?? 0);
    held.sort(([, a], [, b]) => issuedAt(b) - issuedAt(a));
    for (const [name] of held.slice(LIMIT - 1)) {
      void reply.clearCookie(name, cookieAttributes(this.config.ISSUER));
    }
  }

  private nameOf(id: string): string {
    return this.prefix + sha256(id).toString('base64url').slice(0, 16);
  }
}
