import { type ContentSecurity, contentSecurityPolicy } from '@trefoil/server-kit';
import { renderPage } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';

/** Answers with a page, which no cache keeps: it may be about a person. */
export function sendPage(reply: FastifyReply, page: VNode, status = 200, security?: ContentSecurity): void {
  if (security) void reply.header('Content-Security-Policy', contentSecurityPolicy(security));
  void reply.status(status).header('Cache-Control', 'no-store').type('text/html; charset=utf-8').send(renderPage(page));
}
