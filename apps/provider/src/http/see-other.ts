import type { FastifyReply } from 'fastify';

/**
 * Sends a browser on with 303: what it posted is not posted again to where it goes (RFC 9700 §4.12), and no cache keeps
 * an address that may hold a code.
 */
export function seeOther(reply: FastifyReply, url: string): void {
  void reply.header('Cache-Control', 'no-store').redirect(url, 303);
}
