import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';

/** Injection token of the origin that serves the pages of a server. */
export const PAGE_ORIGIN = Symbol('PAGE_ORIGIN');

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a state-changing request unless `Sec-Fetch-Site` says that a page of the same origin sent it. Of a browser that
 * does not send this header `Origin` decides, and if that is missing too, the origin of `Referer`.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(@Inject(PAGE_ORIGIN) private readonly origin: string) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (SAFE_METHODS.has(request.method) || this.isSameOrigin(request)) return true;
    throw new ProblemError(403, 'Forbidden', {
      detail: 'This form was not sent from a page of this site. Go back, reload the page and try again.',
    });
  }

  private isSameOrigin({ headers }: FastifyRequest): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin';
    return (headers.origin ?? originOf(headers.referer)) === this.origin;
  }
}

const originOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
