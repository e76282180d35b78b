import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Cookies } from '../http/cookies.js';

const NAME = 'session';
const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/** The cookie that carries the id of a session; it goes when the browser is closed, the server decides before that. */
@Injectable()
export class SessionCookie {
  constructor(private readonly cookies: Cookies) {}

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
