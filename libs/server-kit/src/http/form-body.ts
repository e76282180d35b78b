import type { FastifyInstance } from 'fastify';

/**
 * Parses `application/x-www-form-urlencoded` text. The values of a repeated name become an array, so that a protocol endpoint
 * can refuse it (RFC 6749 §3.1). Bytes that are not UTF-8 become U+FFFD, which protocol endpoints refuse as well.
 */
export function parseForm(text: string): Record<string, string | string[]> {
  const form = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = form[name];
    form[name] = earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value];
  }
  return form;
}

/** Configures a Fastify instance to parse form bodies with {@link parseForm}. */
export function readForms(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, parseForm(body.toString())),
  );
}
