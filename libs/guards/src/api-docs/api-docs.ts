import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { withoutValidationDetails, withUsualProblems } from './api-responses.js';

const PATH = '/docs';

/** Configures the documentation of an API and its login button. */
export interface ApiDocs {
  readonly title: string;
  readonly description: string;
  /** The provider whose tokens the API accepts. */
  readonly issuer: string;
  /** The resource identifier of the API, for which the login button requests tokens. */
  readonly resource: string;
  /** The modules whose routes are documented; every route when not given. */
  readonly modules?: readonly Type[];
  /** The URL of the server that shows the documentation; the origin of the resource when not given. */
  readonly publicUrl?: string;
  /** The public client of the login button. */
  readonly clientId: string;
  /** The scopes of users' tokens, each with a description. */
  readonly scopes: Readonly<Record<string, string>>;
  /** The scopes that the login requests unless the reader changes them; all of `scopes` by default. */
  readonly preselectedScopes?: readonly string[];
  /** The scopes of machines' tokens, each with a description. */
  readonly machineScopes?: Readonly<Record<string, string>>;
}

/**
 * Serves the OpenAPI document of an application at `/docs-json`, and at `/docs` a page to read it and try it out, with a
 * login button (authorization code with PKCE). Must be called before the application is initialised.
 */
export function serveApiDocs(app: NestFastifyApplication, docs: ApiDocs): void {
  const publicUrl = docs.publicUrl ?? new URL(docs.resource).origin;
  const include = [...(docs.modules ?? [])];
  // Made for the first reader, because it is most of the work of a start.
  const document = () =>
    withoutValidationDetails(
      withUsualProblems(SwaggerModule.createDocument(app, documentHead(docs, publicUrl), { include })),
    );
  SwaggerModule.setup(PATH, app, document, {
    customSiteTitle: docs.title,
    swaggerOptions: {
      oauth2RedirectUrl: `${publicUrl}${PATH}/oauth2-redirect.html`,
      initOAuth: {
        appName: docs.title,
        clientId: docs.clientId,
        scopes: [...(docs.preselectedScopes ?? Object.keys(docs.scopes))],
        usePkceWithAuthorizationCodeGrant: true,
        additionalQueryStringParams: { resource: docs.resource },
      },
      requestInterceptor: correctTokenRequest,
    },
  });
  allowScripts(app, docs.issuer);
}

function documentHead({ title, description, issuer, scopes, machineScopes }: ApiDocs, publicUrl: string) {
  const base = issuer.replace(/\/$/, '');
  const tokenUrl = `${base}/token`;
  const builder = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .addServer(publicUrl)
    .addOAuth2(
      { type: 'oauth2', flows: { authorizationCode: { authorizationUrl: `${base}/authorize`, tokenUrl, scopes } } },
      'user',
    );
  if (machineScopes) {
    builder.addOAuth2({ type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes: machineScopes } } }, 'machine');
  }
  return builder.build();
}

/**
 * Corrects the token requests of Swagger UI. It puts `resource` into the query, where a token endpoint does not read it
 * (RFC 6749 §3.2), and requests the preselected scopes of users for machines too; without `scope`, a machine gets the scopes
 * that it is registered for (§3.3). The function is sent to the browser as text, so it can use nothing outside itself.
 */
function correctTokenRequest(request: { url: string; body?: unknown }): object {
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  if (!form.has('grant_type')) return request;
  const url = new URL(request.url);
  form.set('resource', url.searchParams.get('resource') ?? '');
  url.searchParams.delete('resource');
  if (form.get('grant_type') === 'client_credentials') form.delete('scope');
  return Object.assign(request, { url: url.href, body: form.toString() });
}

/** Allows the scripts of the documentation page, because the content security policy of the server allows none. */
function allowScripts(app: NestFastifyApplication, issuer: string): void {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(issuer).origin}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '';
      if (path === PATH || path.startsWith(`${PATH}/`)) void reply.header('Content-Security-Policy', policy);
    });
}
