import type { FastifyRequest } from 'fastify';

/** Whether a person will see the answer as a page, as opposed to a script that fetches it. */
export function isNavigation({ headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode'];
  return (mode === undefined || mode === 'navigate') && (headers.accept?.includes('text/html') ?? false);
}
