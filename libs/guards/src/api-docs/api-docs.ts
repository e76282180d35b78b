import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Problem } from '@trefoil/dto';
import type { ZodType } from 'zod';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

const PATH = '/docs';
const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** What the documentation of an API says, and how people sign in on it. */
export interface ApiDocs {
  readonly title: string;
  readonly description: string;
  /** The provider whose tokens the API accepts. */
  readonly issuer: string;
  /** The resource identifier of the API, which the tokens are for. */
  readonly resource: string;
  /** The modules whose routes are documented; every route when not given. */
  readonly modules?: readonly Type[];
  /** Where the server that shows the documentation is reached; the origin of the resource when not given. */
  readonly publicUrl?: string;
  /** The public client of the login button. */
  readonly clientId: string;
  /** What each scope of a user's token allows. */
  readonly scopes: Readonly<Record<string, string>>;
  /** What each scope of a machine's token allows. */
  readonly machineScopes?: Readonly<Record<string, string>>;
}

/**
 * Serves the OpenAPI document of an application at `/docs-json` and a page at `/docs` on which it can be read and tried,
 * with a login button (authorization code with PKCE). To be called before the application is initialised.
 */
export function serveApiDocs(app: NestFastifyApplication, docs: ApiDocs): void {
  const publicUrl = docs.publicUrl ?? new URL(docs.resource).origin;
  const include = [...(docs.modules ?? [])];
  const document = documentProblems(SwaggerModule.createDocument(app, documentHead(docs, publicUrl), { include }));
  SwaggerModule.setup(PATH, app, readable(documentProblems(document)), {
    customSiteTitle: docs.title,
    swaggerOptions: {
      oauth2RedirectUrl: `${publicUrl}${PATH}/oauth2-redirect.html`,
      initOAuth: {
        appName: docs.title,
        clientId: docs.clientId,
        scopes: Object.keys(docs.scopes),
        usePkceWithAuthorizationCodeGrant: true,
        additionalQueryStringParams: { resource: docs.resource },
      },
      requestInterceptor: mendTokenRequest,
    },
  });
  allowScripts(app, docs.issuer);
}

function documentHead({ title, description, issuer, scopes, machineScopes }: ApiDocs, publicUrl: string) {
  const tokenUrl = `${issuer}/token`;
  const builder = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .addServer(publicUrl)
    .addOAuth2(
      { type: 'oauth2', flows: { authorizationCode: { authorizationUrl: `${issuer}/authorize`, tokenUrl, scopes } } },
      'user',
    );
  if (machineScopes) {
    builder.addOAuth2({ type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes: machineScopes } } }, 'machine');
  }
  return builder.build();
}

/**
 * Runs in the browser, where it is sent as text. Swagger UI puts `resource` into the query of a token request, where
 * nobody reads it (RFC 6749 §3.2), and asks for the preselected scopes of users when a machine signs in too: without any,
 * the machine gets those it is registered for (§3.3).
 */
function mendTokenRequest(request: { url: string; body?: unknown }): object {
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  if (!form.has('grant_type')) return request;
  const url = new URL(request.url);
  form.set('resource', url.searchParams.get('resource') ?? '');
  if (form.get('grant_type') === 'client_credentials') form.delete('scope');
  return Object.assign(request, { url: url.origin + url.pathname, body: form.toString() });
}

/** The server's policy allows no script at all; the page of the documentation is one. */
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

/** Documents an error answer that an operation gives for reasons of its own; the usual ones are documented without it. */
export const ApiProblem = (status: number, description: string) =>
  ApiResponse({ status, description, content: problemContent });

/** Documents an answer that comes in the media type that was asked for, each with its schema. */
export const ApiAnswer = (description: string, schemas: Readonly<Record<string, ZodType>>) => {
  const contents = Object.entries(schemas).map(([type, schema]) => [type, { schema: describeSchema(schema) }] as const);
  return ApiResponse({ status: 200, description, content: Object.fromEntries(contents) });
};

const describeSchema = (schema: ZodType) => schema['~standard'].jsonSchema.output({ target: 'openapi-3.0' });

/** Documents the error answers that follow from what an operation takes: a token, input, a body. */
function documentProblems(document: OpenAPIObject): OpenAPIObject {
  const problem = describeSchema(Problem);
  for (const item of Object.values(document.paths)) {
    for (const operation of METHODS.map((method) => item[method]).filter((operation) => operation !== undefined)) {
      for (const [status, description] of usualProblems(operation)) {
        operation.responses[status] ??= { description, content: problemContent };
      }
    }
  }
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, Problem: problem } },
  };
}

function usualProblems({ parameters = [], requestBody, security = [] }: OperationObject): [string, string][] {
  const problems: [string, string][] = [
    ['503', 'Something that the answer needs is down; try again after `Retry-After`'],
  ];
  if (parameters.length > 0 || requestBody)
    problems.push(['400', 'A value cannot be accepted; `errors` names the field']);
  if (requestBody) problems.push(['413', 'The body is larger than 64 KiB'], ['415', 'The body is not JSON']);
  if (security.length > 0) {
    problems.push(['401', 'No token came, or one that is not valid here'], ['403', 'The token does not allow this']);
  }
  return problems;
}

/**
 * Leaves out what the schemas say only because of how values are checked: the pattern of what has a format, the bounds of
 * every integer, and that answers will never have another member.
 */
function readable(document: OpenAPIObject): OpenAPIObject {
  return JSON.parse(JSON.stringify(document), function (this: object, name: string, value: unknown) {
    const isNoise =
      (name === 'pattern' && 'format' in this) ||
      (name === 'additionalProperties' && value === false) ||
      (typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER);
    return isNoise ? undefined : value;
  }) as OpenAPIObject;
}
