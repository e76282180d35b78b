import { Inject, Injectable } from '@nestjs/common';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type WebServerConfig } from '../config.js';
import { WEB_SERVER, type WebServerDescription } from '../description.js';

/** Reads and writes the cookies of the server. Names are given without the prefix that the description of the server has. */
@Injectable()
export class Cookies {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'PUBLIC_URL'>,
    @Inject(WEB_SERVER) private readonly server: Pick<WebServerDescription, 'cookiePrefix'>,
  ) {}

  read(request: FastifyRequest, name: string): string | undefined {
    return request.cookies[this.fullName(name)];
  }

  /** Returns the cookies whose names start with a prefix. The keys are the names without that prefix. */
  readAll(request: FastifyRequest, prefix: string): Map<string, string> {
    const start = this.fullName(prefix);
    const found = Object.entries(request.cookies).filter(([name]) => name.startsWith(start));
    return new Map(found.map(([name, value]) => [name.slice(start.length), value ?? '']));
  }

  /**
   * Sets a cookie.
   *
   * @param maxAge Lifetime in seconds. Without it the cookie lasts until the browser is closed.
   */
  write(reply: FastifyReply, name: string, value: string, maxAge?: number): void {
    void reply.setCookie(this.fullName(name), value, { ...this.attributes(), maxAge });
  }

  clear(reply: FastifyReply, name: string): void {
    void reply.clearCookie(this.fullName(name), this.attributes());
  }

  private fullName(name: string): string {
    return cookieName(`${this.server.cookiePrefix}${name}`, this.config.PUBLIC_URL);
  }

  private attributes() {
    return cookieAttributes(this.config.PUBLIC_URL);
  }
}
