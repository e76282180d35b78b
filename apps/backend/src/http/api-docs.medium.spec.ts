import { Caller, LoopbackIssuer, type Reply, testDatabase } from '@trefoil/testing';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';

const issuer = new LoopbackIssuer();
let backend: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  backend = await startBackend(await testDatabase(), issuer);
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});

const read = async (path: string) => {
  const response = await fetch(`${backend.url}${path}`);
  return {
    status: response.status,
    policy: response.headers.get('content-security-policy'),
    text: await response.text(),
  };
};

describe('the OpenAPI document', () => {
  let document: Reply['body'];
  beforeAll(async () => {
    document = (await new Caller(backend.url).get('/docs-json')).body;
  });

  it('lists every route with the scope that it needs', () => {
    const operations = Object.entries<Record<string, { security: unknown }>>(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { security }]) => [`${method} ${path}`, security]),
    );
    const [read, write] = [[{ user: ['contacts:read'] }], [{ user: ['contacts:write'] }]];
    const any = [{ machine: [] }, { user: [] }];
    expect(Object.fromEntries(operations)).toEqual({
      'get /v1/profile': read,
      'get /v1/contacts': read,
      'post /v1/contacts': write,
      'get /v1/contacts/{id}': read,
      'patch /v1/contacts/{id}': write,
      'delete /v1/contacts/{id}': write,
      'get /v1/exports/contacts': [{ machine: ['contacts:export'] }],
      'get /v1/access-check': any,
      'post /v1/access-check': any,
    });
  });

  it('describes bodies and parameters with the schemas that validate them', () => {
    const { post, get } = document.paths['/v1/contacts'];
    expect(post.requestBody.content['application/json'].schema).toMatchObject({
      required: ['name'],
      properties: { name: { type: 'string', minLength: 1, maxLength: 200 }, notes: { maxLength: 10_000 } },
    });
    expect(post.responses[201].content['application/json'].schema.properties.id).toEqual({
      type: 'string',
      format: 'uuid',
    });
    expect(get.parameters).toMatchObject([
      { in: 'query', name: 'end', required: false, schema: { enum: ['line'] } },
      { in: 'query', name: 'search', required: false },
      { in: 'query', name: 'cursor', required: false, schema: { pattern: '^[0-9a-f]{44}$' } },
      {
        in: 'query',
        name: 'limit',
        required: false,
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
    ]);
    expect(document.paths['/v1/contacts/{id}'].patch.parameters).toMatchObject([
      { in: 'path', name: 'id', required: true },
      { in: 'header', name: 'If-Match', required: false, schema: { pattern: expect.any(String) } },
    ]);
    expect(get.responses[200].content['application/json'].schema.properties).toHaveProperty('nextCursor');
    expect(get.responses[200].content['application/x-ndjson'].schema.properties).toHaveProperty('email');
    expect(document.paths['/v1/exports/contacts'].get.responses[200].content).toHaveProperty(['application/x-ndjson']);
  });

  it('describes the problem documents of each route (RFC 9457)', () => {
    const { post } = document.paths['/v1/contacts'];
    expect(Object.keys(post.responses)).toEqual(['201', '400', '401', '403', '409', '413', '415', '422', '503']);
    const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    expect([post.responses[400].content, post.responses[409].content]).toEqual([problem, problem]);
    expect(Object.keys(document.paths['/v1/contacts/{id}'].delete.responses)).toEqual([
      '204',
      '400',
      '401',
      '403',
      '404',
      '412',
      '503',
    ]);
    expect(document.components.schemas.Problem.required).toEqual(['type', 'title', 'status']);
  });

  it('names the endpoints where users and machine clients get tokens', () => {
    const tokenUrl = `${issuer.url}/token`;
    expect(document.components.securitySchemes).toMatchObject({
      user: { flows: { authorizationCode: { authorizationUrl: `${issuer.url}/authorize`, tokenUrl } } },
      machine: { flows: { clientCredentials: { tokenUrl, scopes: { 'contacts:export': expect.any(String) } } } },
    });
  });
});

describe('the documentation page', () => {
  it.each([
    '/docs',
    '/docs/',
    '/docs/swagger-ui-bundle.js',
    '/docs/swagger-ui-init.js',
    '/docs/oauth2-redirect.html',
    '/docs/oauth2-redirect.js',
  ])('%s may run scripts of its own origin and connect to the provider', async (path) => {
    const { status, policy } = await read(path);
    expect(status).toBe(200);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${issuer.url}`);
  });

  it('has a login button that uses the authorization code grant with PKCE for this resource (RFC 7636, RFC 8707)', async () => {
    const { text } = await read('/docs/swagger-ui-init.js');
    expect(text).toContain(`"oauth2RedirectUrl": "${RESOURCE}/docs/oauth2-redirect.html"`);
    const { initOAuth } = JSON.parse(`{${/"initOAuth": {[^]*?\n {4}}/.exec(text)?.[0]}}`);
    expect(initOAuth).toEqual({
      appName: 'Trefoil backend',
      clientId: 'api-docs',
      scopes: ['contacts:read', 'contacts:write', 'account:read'],
      usePkceWithAuthorizationCodeGrant: true,
      additionalQueryStringParams: { resource: RESOURCE },
    });
  });

  it.each(['/', '/docs-json', '/docsx', '/health/live', '/v1/contacts'])('%s may not run scripts', async (path) => {
    const response = await fetch(`${backend.url}${path}`, { redirect: 'manual' });
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
  });
});
