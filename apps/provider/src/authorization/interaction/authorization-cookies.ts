import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';

/** How many authorizations of one browser can wait side by side; the oldest goes for a new one. */
const LIMIT = 20;

const VALUE = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/**
 * The cookies that tie a pending authorization to the browser it was started in, one for each: with one for all, tabs
 * that are restored together would overwrite each other's.
 */
@Injectable()
export class AuthorizationCookies {
  private readonly prefix: string;

  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>) {
    this.prefix = cookieName('trefoil_provider_authorization_', config.ISSUER);
  }

  /** Gives the browser a new secret for an authorization, and returns it. */
  issue(request: FastifyRequest, reply: FastifyReply, id: string, maxAge: number): string {
    const secret = randomSecret();
    this.dropOldest(request, reply);
    const value = `${Math.floor(Date.now() / 1000)}.${secret}`;
    void reply.setCookie(this.nameOf(id), value, { ...cookieAttributes(this.config.ISSUER), maxAge });
    return secret;
  }

  /** The secret the browser holds for an authorization. */
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
