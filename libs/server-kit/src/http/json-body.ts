import type { FastifyInstance } from 'fastify';

/**
 * Makes a Fastify instance read JSON bodies and JSON merge patches (RFC 7396). An empty body is no body: many HTTP clients send `Content-Type:
 * application/json` with every request, also with a DELETE.
 */
export function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<string>(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') done(null, undefined);
      else void parse(request, body, done);
    },
  );
}
