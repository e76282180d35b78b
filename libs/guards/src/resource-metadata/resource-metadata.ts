import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemError } from '@trefoil/server-kit';
import { ACCEPTED_ALGORITHMS } from '../verification-keys/accepted-algorithms.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** What a resource server says of itself to those who want a token for it. */
export interface ProtectedResource {
  /** Its resource identifier (RFC 8707 §2). */
  readonly resource: string;
  /** The provider that issues its tokens. */
  readonly issuer: string;
  /** What people may read. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Whether tokens that are bound to a key are taken (RFC 9449). */
  readonly dpop?: boolean;
  /** A page for developers. */
  readonly documentation?: string;
}

/** Where the metadata of a resource is: the well-known part stands before its path (RFC 9728 §3.1). */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource);
  return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : pathname}${search}`;
}

/** The metadata of a protected resource (RFC 9728 §2). */
export const protectedResourceMetadata = ({
  resource,
  issuer,
  name,
  scopes,
  dpop,
  documentation,
}: ProtectedResource) => ({
  resource,
  authorization_servers: [issuer],
  scopes_supported: scopes,
  bearer_methods_supported: ['header'],
  ...(dpop && { dpop_signing_alg_values_supported: ACCEPTED_ALGORITHMS }),
  resource_name: name,
  resource_documentation: documentation,
});

/** Serves the metadata of a protected resource where it belongs, to everybody and to pages of every origin (RFC 9728 §3). */
export function serveResourceMetadata(app: NestFastifyApplication, resource: ProtectedResource): void {
  const headers = { 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' };
  app
    .getHttpAdapter()
    .getInstance()
    .get(new URL(resourceMetadataUrl(resource.resource)).pathname, (_request, reply) =>
      reply.headers(headers).send(protectedResourceMetadata(resource)),
    );
}

/** An error whose challenges name the metadata of the resource, so that a stranger learns where to get a token (RFC 9728 §5.1). */
export function namingResourceMetadata(error: unknown, url: string | undefined): unknown {
  if (url === undefined || !(error instanceof ProblemError)) return error;
  const challenge = error.headers['WWW-Authenticate'];
  if (challenge === undefined) return error;
  const { status, title, detail, errors, headers, cause } = error;
  // Every challenge of the guards begins with its realm.
  const naming = challenge.replaceAll(/\b(Bearer|DPoP) realm="[^"]*"/g, `$&, resource_metadata="${url}"`);
  return new ProblemError(status, title, {
    detail,
    errors,
    cause,
    headers: { ...headers, 'WWW-Authenticate': naming },
  });
}
