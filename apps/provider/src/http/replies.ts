import { type ContentSecurity, contentSecurityPolicy } from '@trefoil/server-kit';
import { renderPage } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';

/** Answers with a page. Caches must not store it, because it may contain personal data. */
export function sendPage(reply: FastifyReply, page: VNode, status = 200, security?: ContentSecurity): void {
  if (security) void reply.header('Content-Security-Policy', contentSecurityPolicy(security));
  void reply.status(status).header('Cache-Control', 'no-store').type('text/html; charset=utf-8').send(renderPage(page));
}

/**
 * Redirects a browser with 303, so that it does not repeat its POST at the new URL (RFC 9700 §4.12). Caches must not store
 * the answer, because the URL may contain an authorization code.
 */
export function seeOther(reply: FastifyReply, url: string): void {
  void reply.header('Cache-Control', 'no-store').redirect(url, 303);
}
