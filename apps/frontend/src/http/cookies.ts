import { Inject, Injectable } from '@nestjs/common';
import { cookieAttributes, cookieName } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type FrontendConfig } from '../config.js';

/** The frontend's cookies, by the name they have without the prefix that https adds. */
@Injectable()
export class Cookies {
  constructor(@Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'PUBLIC_URL'>) {}

  read(request: FastifyRequest, name: string): string | undefined {
    return request.cookies[this.fullName(name)];
  }

  /** The cookies whose names begin with a prefix, by the rest of their names. */
  readAll(request: FastifyRequest, prefix: string): Map<string, string> {
    const start = this.fullName(prefix);
    const found = Object.entries(request.cookies).filter(([name]) => name.startsWith(start));
    return new Map(found.map(([name, value]) => [name.slice(start.length), value ?? '']));
  }

  /** Sets a cookie that lasts so many seconds, or until the browser is closed. */
  write(reply: FastifyReply, name: string, value: string, maxAge?: number): void {
    void reply.setCookie(this.fullName(name), value, { ...this.attributes(), maxAge });
  }

  clear(reply: FastifyReply, name: string): void {
    void reply.clearCookie(this.fullName(name), this.attributes());
  }

  private fullName(name: string): string {
    return cookieName(`trefoil_frontend_${name}`, this.config.PUBLIC_URL);
  }

  private attributes() {
    return cookieAttributes(this.config.PUBLIC_URL);
  }
}
