import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { AuthorizationCookies } from './authorization-cookies.js';

/**
 * Removes the oldest sign-in cookies from every browser that sends too many, at every endpoint. Requests that run at the
 * same time do not see the cookies of each other, so together they can set more than the limit.
 */
@Injectable()
export class AuthorizationCookieEviction implements OnModuleInit {
  constructor(
    private readonly cookies: AuthorizationCookies,
    private readonly host: HttpAdapterHost,
  ) {}

  // A hook of Fastify, because an interceptor of Nest that is global makes every request, also for tokens, a stream of RxJS.
  onModuleInit(): void {
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('preHandler', (request, reply, done) => {
      this.cookies.evict(request, reply);
      done();
    });
  }
}
