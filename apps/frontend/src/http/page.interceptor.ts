import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { renderPage } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { PageResponse, type PageResult, SeeOther } from './page-result.js';

/** Renders the results of page handlers as HTML, and forbids caches to store them. */
@Injectable()
export class PageInterceptor implements NestInterceptor<PageResult, string> {
  intercept(context: ExecutionContext, next: CallHandler<PageResult>): Observable<string> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((result) => render(reply, result)));
  }
}

function render(reply: FastifyReply, result: PageResult): string {
  void reply.header('Cache-Control', 'no-store');
  if (result instanceof SeeOther) {
    void reply.status(303).header('Location', result.location);
    return '';
  }
  const { status, page, headers } = result instanceof PageResponse ? result : new PageResponse(200, result);
  void reply.status(status).headers(headers).type('text/html; charset=utf-8');
  return renderPage(page);
}
