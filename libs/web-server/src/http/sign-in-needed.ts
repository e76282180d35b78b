import type { ProblemError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers a script whose user has to sign in, with a problem document (RFC 9457). It has the address of the sign-in as
 * `signInUrl`, because a script cannot follow a redirect to the provider.
 */
export function answerSignInNeeded(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, title, detail }: ProblemError,
  signInUrl: string,
): void {
  const problem = { type: 'about:blank', title, status, detail, requestId: request.id, signInUrl };
  void reply
    .status(status)
    .header('Cache-Control', 'no-store')
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}
