import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { renderPage } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { type Answer, PageAnswer, SeeOther } from './page-result.js';

/** Sends what the handlers of pages return, as HTML that no cache keeps. */
@Injectable()
export class PageInterceptor implements NestInterceptor<Answer, string> {
  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<string> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((answer) => send(reply, answer)));
  }
}

function send(reply: FastifyReply, answer: Answer): string {
  void reply.header('Cache-Control', 'no-store');
  if (answer instanceof SeeOther) {
    void reply.status(303).header('Location', answer.location);
    return '';
  }
  const { status, page, headers } = answer instanceof PageAnswer ? answer : new PageAnswer(200, answer);
  void reply.status(status).headers(headers).type('text/html; charset=utf-8');
  return renderPage(page);
}
