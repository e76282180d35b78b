import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { renderPage } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { type Site, WEB_SERVER, type WebServerDescription } from '../description.js';
import { PageResponse, type PageResult, SeeOther } from './page-result.js';
import { SiteContext } from './site-layout.js';

/** Renders the results of page handlers as HTML, and forbids caches to store them. */
@Injectable()
export class PageInterceptor implements NestInterceptor<PageResult, string> {
  constructor(@Inject(WEB_SERVER) private readonly server: Pick<WebServerDescription, 'site'>) {}

  intercept(context: ExecutionContext, next: CallHandler<PageResult>): Observable<string> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((result) => render(reply, result, this.server.site)));
  }
}

function render(reply: FastifyReply, result: PageResult, site: Site): string {
  void reply.header('Cache-Control', 'no-store');
  if (result instanceof SeeOther) {
    void reply.status(303).header('Location', result.location);
    return '';
  }
  const { status, page, headers } = result instanceof PageResponse ? result : new PageResponse(200, result);
  void reply.status(status).headers(headers).type('text/html; charset=utf-8');
  return renderPage(<SiteContext.Provider value={site}>{page}</SiteContext.Provider>);
}
