import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { scopeDescriptions, scopeNames, scopesOf } from '@trefoil/dto';
import { serveApiDocs, serveResourceMetadata } from '@trefoil/guards';
import type { ResourceServer } from '../resource-server.js';
import type { ResourceServerConfig } from '../resource-server-config.js';

/** Refuses bodies that are not JSON with 415. */
export function acceptJsonOnly(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
}

/** Serves the metadata of the protected resource (RFC 9728) and the OpenAPI documentation. */
export function describeApi(
  app: NestFastifyApplication,
  { resourceName, title, description, scopes, exchangedScopes = [] }: ResourceServer,
  config: ResourceServerConfig,
): void {
  const { PUBLIC_URL, ISSUER, MTLS_PORT, TLS_CLIENT_CERTIFICATES, CLIENT_CERTIFICATE_HEADER } = config;
  serveResourceMetadata(app, {
    resource: PUBLIC_URL,
    issuer: ISSUER,
    name: resourceName,
    scopes: scopeNames(scopesOf(scopes)),
    dpop: true,
    certificates:
      MTLS_PORT !== undefined || TLS_CLIENT_CERTIFICATES === 'requested' || CLIENT_CERTIFICATE_HEADER !== undefined,
    documentation: `${PUBLIC_URL}/docs`,
  });
  serveApiDocs(app, {
    title,
    description,
    issuer: ISSUER,
    resource: PUBLIC_URL,
    publicUrl: PUBLIC_URL,
    clientId: 'api-docs',
    scopes: scopeDescriptions([...scopesOf(scopes, 'users'), ...exchangedScopes]),
    machineScopes: scopeDescriptions(scopesOf(scopes, 'machines')),
  });
}
