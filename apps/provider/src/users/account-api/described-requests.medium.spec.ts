import { testDatabase } from '@trefoil/testing';
import {
  type DescribedOperation,
  describedOperations,
  type OpenApiDocument,
} from '@trefoil/testing/described-requests';
import fc from 'fast-check';

import {
  givenAccountTokens,
  givenAdministratorToken,
  givenDirectoryToken,
  request,
} from '../../testing/api-requests.js';
import { BACKEND } from '../../testing/token-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';

let provider: ProviderUnderTest;
let operations: DescribedOperation[];
let tokens: Readonly<Record<string, string>>;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  const administrator = await givenAdministratorToken(provider);
  tokens = {
    account: (await givenAccountTokens(provider)).accessToken,
    events: administrator,
    usage: administrator,
    users: await givenDirectoryToken(provider, BACKEND),
  };
  const { body } = await request(provider, '/docs-json');
  const { paths } = body as OpenApiDocument;
  // The admin API has a test of its own.
  const own = Object.fromEntries(Object.entries(paths).filter(([path]) => !path.startsWith('/api/admin/')));
  operations = describedOperations({ paths: own }, { id: [ALICE, 'nobody'] });
});
afterAll(() => provider.stop());

describe('a request that fits the OpenAPI description', () => {
  it.each([
    'GET /api/account',
    'PATCH /api/account',
    'GET /api/account/events',
    'GET /api/events',
    'GET /api/usage',
    'GET /api/users/{id}',
  ])('is answered with a documented status: %s', async (name) => {
    const operation = operations.find((candidate) => candidate.name === name);
    if (!operation) throw new Error(`${name} is not described`);
    const { method, requests, statuses } = operation;
    const token = tokens[name.split('/')[2] ?? ''];
    const body = method === 'PATCH' ? JSON.stringify({ nickname: 'Ali' }) : undefined;
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const send = fc.asyncProperty(requests, async ({ path, headers }) => {
      const answer = await fetch(`${provider.url}${path}`, {
        method,
        headers: { ...headers, ...json, authorization: `Bearer ${token}` },
        body,
      });
      await answer.text();
      expect(statuses).toContain(answer.status);
    });
    await fc.assert(send, { numRuns: 50 });
  });

  it('is tested for every operation', () => {
    expect(operations).toHaveLength(6);
  });

  it.each([
    ['/api/account', 'patch', 'If-Match'],
    ['/api/account/events', 'get', 'cursor'],
    ['/api/events', 'get', 'cursor'],
    ['/api/usage', 'get', 'cursor'],
  ])('has a pattern for what the server returned before: %s %s %s', async (path, method, name) => {
    const { body } = await request(provider, '/docs-json');
    const { schema } = body.paths[path][method].parameters.find(
      (parameter: { name: string }) => parameter.name === name,
    );
    const patterns = [schema, ...(schema.anyOf ?? [])].map(({ pattern }) => pattern).filter(Boolean);
    expect(patterns.length).toBeGreaterThan(0);
  });
});
