import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemError } from '@trefoil/server-kit';
import { ACCEPTED_ALGORITHMS } from '../verification-keys/accepted-algorithms.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Describes a resource server to clients that need a token for it. */
export interface ProtectedResource {
  /** The resource identifier of the server (RFC 8707 §2). */
  readonly resource: string;
  /** The provider that issues the tokens. */
  readonly issuer: string;
  /** The name of the server, shown to people. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Whether the server accepts DPoP-bound tokens (RFC 9449). */
  readonly dpop?: boolean;
  /** Whether the server accepts tokens that are bound to client certificates (RFC 8705 §3). */
  readonly certificates?: boolean;
  /** The URL of a page for developers. */
  readonly documentation?: string;
}

/** Returns the URL of a resource's metadata. The well-known part comes before the path of the resource (RFC 9728 §3.1). */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource);
  return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : pathname}${search}`;
}

/** Returns the metadata of a protected resource (RFC 9728 §2). */
export const protectedResourceMetadata = ({
  resource,
  issuer,
  name,
  scopes,
  dpop,
  certificates,
  documentation,
}: ProtectedResource) => ({
  resource,
  authorization_servers: [issuer],
  scopes_supported: scopes,
  bearer_methods_supported: ['header'],
  ...(certificates && { tls_client_certificate_bound_access_tokens: true }),
  ...(dpop && { dpop_signing_alg_values_supported: ACCEPTED_ALGORITHMS }),
  resource_name: name,
  resource_documentation: documentation,
});

/**
 * Serves the metadata of a protected resource at its well-known URL, to pages of every origin (RFC 9728 §3). A server that
 * browser-based clients read it from also lists the path as `crossOrigin`, so that preflight requests are answered.
 */
export function serveResourceMetadata(app: NestFastifyApplication, resource: ProtectedResource): void {
  const headers = { 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' };
  app
    .getHttpAdapter()
    .getInstance()
    .get(new URL(resourceMetadataUrl(resource.resource)).pathname, (_request, reply) =>
      reply.headers(headers).send(protectedResourceMetadata(resource)),
    );
}

/**
 * Adds the URL of the resource's metadata to the challenges of an error, so that a client without a token learns where to
 * get one (RFC 9728 §5.1). Returns other errors as they are.
 */
export function withResourceMetadata(error: unknown, url: string | undefined): unknown {
  if (url === undefined || !(error instanceof ProblemError)) return error;
  const challenge = error.headers['WWW-Authenticate'];
  if (challenge === undefined) return error;
  const { status, title, detail, errors, headers, cause } = error;
  // Every challenge of the guards begins with its realm.
  const extended = challenge.replaceAll(/\b(Bearer|DPoP) realm="[^"]*"/g, `$&, resource_metadata="${url}"`);
  return new ProblemError(status, title, {
    detail,
    errors,
    cause,
    headers: { ...headers, 'WWW-Authenticate': extended },
  });
}
