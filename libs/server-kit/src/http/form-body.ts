import { invalidRequest } from '@trefoil/oauth-protocol';
import type { FastifyInstance } from 'fastify';

/** The parameters that a query or a form may have. */
export const MOST_PARAMETERS = 100;

/**
 * Parses `application/x-www-form-urlencoded` text. A repeated name becomes an array, so that a protocol endpoint can refuse
 * it (RFC 6749 §3.1). Bytes that are not UTF-8 become U+FFFD, which protocol endpoints refuse too.
 *
 * @throws OAuthError `invalid_request` for more than {@link MOST_PARAMETERS} parameters.
 */
export function parseForm(text: string): Record<string, string | string[]> {
  if (hasTooManyParameters(text)) throw tooManyParameters();
  const form = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = form[name];
    if (earlier === undefined) form[name] = value;
    else if (Array.isArray(earlier)) earlier.push(value);
    else form[name] = [earlier, value];
  }
  return form;
}

/** Makes a Fastify instance read form bodies with {@link parseForm} and refuse queries with too many parameters. */
export function readForms(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseForm(body.toString()));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const query = queryOf(request.url);
    if (query !== undefined && hasTooManyParameters(query)) done(tooManyParameters());
    else done();
  });
}

/** Parses a query for Fastify, whose router cannot handle an error; {@link readForms} refuses the request afterwards. */
export const parseQuery = (text: string): Record<string, string | string[]> =>
  hasTooManyParameters(text) ? {} : parseForm(text);

/** Counts separators instead of parsing, so that refusing costs no more than looking at each character once. */
function hasTooManyParameters(text: string): boolean {
  let separators = 0;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    if (++separators >= MOST_PARAMETERS) return true;
  }
  return false;
}

function queryOf(url: string): string | undefined {
  const start = url.indexOf('?');
  return start === -1 ? undefined : url.slice(start + 1);
}

const tooManyParameters = () => invalidRequest(`the request has more than ${MOST_PARAMETERS} parameters`);
