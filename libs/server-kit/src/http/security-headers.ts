import { isLoopbackHost } from '@trefoil/oauth-protocol';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

/** What a page may do in addition to loading its own style sheet and images. */
export interface ContentSecurity {
  /** Other origins whose images it may load. */
  readonly images?: readonly string[];
  /** Sources of the scripts that it may run: `'self'`, or `'sha256-…'` for an inline script. */
  readonly scripts?: readonly string[];
  /** Sources to which its scripts may connect: `'self'`, or another origin. */
  readonly connections?: readonly string[];
  /** The only origin that may put it into a frame. */
  readonly framedBy?: string | undefined;
}

/**
 * Returns the directives for a page. By default a page loads only its own style sheet and images, runs no script and cannot be
 * put into a frame. `form-action` is missing because Chromium applies it to redirects, too, and the answer to the consent form
 * redirects to the client.
 */
export const contentSecurityDirectives = ({
  images = [],
  scripts = [],
  connections = [],
  framedBy = "'none'",
}: ContentSecurity = {}): Record<string, string[]> => ({
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', ...images],
  ...(scripts.length > 0 && { 'script-src': [...scripts] }),
  ...(connections.length > 0 && { 'connect-src': [...connections] }),
  'base-uri': ["'none'"],
  'frame-ancestors': [framedBy],
});

/** Returns the value of the header `Content-Security-Policy` for a page that may do more than others. */
export const contentSecurityPolicy = (security: ContentSecurity): string =>
  Object.entries(contentSecurityDirectives(security))
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join(';');

const helmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: contentSecurityDirectives() },
  // With no-referrer the `Origin` of this site's own forms would be null, and could not be checked.
  referrerPolicy: { policy: 'same-origin' },
  frameguard: { action: 'deny' },
  // Set by requireHttpsLater.
  strictTransportSecurity: false,
  // A client may open the sign-in page in a pop-up window, which needs access to its opener.
  crossOriginOpenerPolicy: false,
  // Clients that run in a browser read protocol responses across origins.
  crossOriginResourcePolicy: false,
  crossOriginEmbedderPolicy: false,
} satisfies HelmetOptions;

/** The headers of every response. A page that needs a wider policy sets the header to {@link contentSecurityPolicy}. */
export const securityHeaders: Readonly<Record<string, string>> = headersOf(helmetOptions);

/** Returns the headers that Helmet sets. They are the same for every response, so they are computed once. */
function headersOf(options: HelmetOptions): Record<string, string> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => undefined);
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** Adds {@link securityHeaders} to every response. */
export function sendSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(securityHeaders);
    done();
  });
}

/** For a year, as the preload lists of browsers require. */
const STRICT_TRANSPORT = 'max-age=31536000; includeSubDomains';

/**
 * Tells browsers to use only HTTPS for this host from now on (RFC 6797 §7.1). Not in responses over plain HTTP (§7.2), and not
 * on localhost: a browser would apply it to every other program on this machine.
 */
export function requireHttpsLater(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.protocol === 'https' && !isLoopbackHost(request.hostname)) {
      void reply.header('Strict-Transport-Security', STRICT_TRANSPORT);
    }
    done();
  });
}
