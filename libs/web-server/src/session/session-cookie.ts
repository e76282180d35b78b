import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Cookies } from '../http/cookies.js';

const NAME = 'session';
const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/**
 * The cookie that carries the session id.
 *
 * It lasts until the browser is closed. The server may end the session earlier.
 */
@Injectable()
export class SessionCookie {
  constructor(private readonly cookies: Cookies) {}

  /** Returns the session id. Returns undefined when the cookie is missing or is not a session id. */
  read(request: FastifyRequest): string | undefined {
    const id = this.cookies.read(request, NAME);
    return id !== undefined && SESSION_ID.test(id) ? id : undefined;
  }

  write(reply: FastifyReply, id: string): void {
    this.cookies.write(reply, NAME, id);
  }

  clear(reply: FastifyReply): void {
    this.cookies.clear(reply, NAME);
  }
}
