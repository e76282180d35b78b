import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accountScopes, contactScopes, scopeDescriptions, scopeNames, scopesOf } from '@trefoil/dto';
import { serveApiDocs, serveResourceMetadata } from '@trefoil/guards';
import type { BackendConfig } from '../config.js';

/** Refuses bodies that are not JSON with 415. */
export function acceptJsonOnly(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
}

/** Serves the metadata of the protected resource (RFC 9728) and the OpenAPI documentation. */
export function describeApi(app: NestFastifyApplication, config: BackendConfig): void {
  const { PUBLIC_URL, ISSUER, MTLS_PORT, TLS_CLIENT_CERTIFICATES, CLIENT_CERTIFICATE_HEADER } = config;
  serveResourceMetadata(app, {
    resource: PUBLIC_URL,
    issuer: ISSUER,
    name: 'Trefoil contacts',
    scopes: scopeNames(scopesOf(contactScopes)),
    dpop: true,
    certificates:
      MTLS_PORT !== undefined || TLS_CLIENT_CERTIFICATES === 'requested' || CLIENT_CERTIFICATE_HEADER !== undefined,
    documentation: `${PUBLIC_URL}/docs`,
  });
  serveApiDocs(app, {
    title: 'Trefoil backend',
    description: 'Contacts, each owned by one user, and an export of all contacts for machine clients.',
    issuer: ISSUER,
    resource: PUBLIC_URL,
    publicUrl: PUBLIC_URL,
    clientId: 'api-docs',
    // The profile needs account:read of the provider's API, which the backend gets by token exchange.
    scopes: scopeDescriptions([...scopesOf(contactScopes, 'users'), accountScopes.read]),
    machineScopes: scopeDescriptions(scopesOf(contactScopes, 'machines')),
  });
}
