import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { AuthorizationCookies } from './authorization-cookies.js';

/**
 * Removes the oldest sign-in cookies from every browser that sends too many, at every endpoint. Requests that run at the
 * same time do not see the cookies of each other, so together they can set more than the limit.
 */
@Injectable()
export class AuthorizationCookieEviction implements NestInterceptor {
  constructor(private readonly cookies: AuthorizationCookies) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    this.cookies.evict(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return next.handle();
  }
}
