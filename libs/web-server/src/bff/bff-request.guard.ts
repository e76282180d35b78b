import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type WebServerConfig } from '../config.js';

/**
 * Refuses every request that may come from another site, also one that only reads.
 *
 * `X-CSRF: 1` is required: a form cannot send this header, and a script of another origin would need the permission of this
 * server, which it never gives (CORS). `Sec-Fetch-Site` and `Origin`, where a browser sends them, must name this origin.
 */
@Injectable()
export class BffRequestGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'PUBLIC_URL'>) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const { 'x-csrf': csrf, 'sec-fetch-site': site = 'same-origin', origin = this.config.PUBLIC_URL } = headers;
    if (csrf === '1' && site === 'same-origin' && origin === this.config.PUBLIC_URL) return true;
    throw new ProblemError(403, 'Forbidden', {
      detail: 'Send this request from a page of this site, with the header X-CSRF: 1.',
    });
  }
}
