import { testDatabase } from '@trefoil/testing';
import {
  type DescribedOperation,
  describedOperations,
  type OpenApiDocument,
} from '@trefoil/testing/described-requests';
import fc from 'fast-check';
import { givenAdminMachineToken } from '../../testing/admin-requests.js';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const SEED = 20261126;
const PATH_VALUES = [
  'bm90aGluZw',
  'frontend',
  'a11ce000-0000-4000-8000-000000000001',
  '-',
  '%00',
  '%F0%9F%98%80',
  'x'.repeat(300),
];

let provider: ProviderUnderTest;
let token: string;
let operations: DescribedOperation[];

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdminMachineToken(provider);
  const { body } = await request(provider, '/docs-json');
  const values = Object.fromEntries(['id', 'kid', 'client_id', 'sub'].map((name) => [name, PATH_VALUES]));
  operations = describedOperations(body as OpenApiDocument, values).filter(({ name }) => name.includes(' /api/admin/'));
});
afterAll(() => provider.stop());

/** Values of the members of all bodies, right and wrong ones. */
const member = fc.oneof(
  fc.string(),
  fc.constantFrom<unknown>(null, 0, -1, 1e9, true, [], {}, '\0', 'a\ud800', 'frontend', 'https://x.example', ['users']),
  fc.array(fc.dictionary(fc.constantFrom('name', 'description', 'granted_to'), fc.string())),
);
const body = fc.dictionary(
  fc.constantFrom(
    ...['identifier', 'name', 'scopes', 'user_clients', 'client_id', 'access_token_lifetime', 'id', 'token', 'alg'],
    ...['description', 'default_profile', 'allowed_profiles', 'expires_at', 'immediately', 'user', 'grant', 'session'],
    ...[
      'client_name',
      'client_secret',
      'redirect_uris',
      'grant_types',
      'scope',
      'jwks',
      'default_max_age',
      'client_uri',
    ],
    ...[
      'sub',
      'email',
      'password',
      'administrator',
      'address',
      'birthdate',
      'phone_number_verified',
      'overlap_seconds',
    ],
  ),
  member,
);

describe('every operation of the admin API', () => {
  it('that reads is answered with a documented status, whatever its parameters are', async () => {
    const reading = operations.filter(({ method }) => method === 'GET');
    expect(reading.length).toBeGreaterThan(4);
    for (const { name, requests, statuses } of reading) {
      const property = fc.asyncProperty(requests, async ({ path, headers }) => {
        const { status } = await fetch(`${provider.url}${path}`, {
          headers: { ...headers, authorization: `Bearer ${token}` },
        });
        expect({ name, path, status }).toEqual({ name, path, status: statuses.find((each) => each === status) });
      });
      await fc.assert(property, { numRuns: 15, seed: SEED });
    }
  });

  it('that changes something is answered with a documented status, whatever its body is', async () => {
    const changing = operations.filter(
      // The token must survive the test.
      ({ name, method }) => ['POST', 'PATCH'].includes(method) && !name.includes('/revocations'),
    );
    expect(changing.length).toBeGreaterThan(4);
    for (const { name, method, requests, statuses } of changing) {
      const property = fc.asyncProperty(requests, body, async ({ path, headers }, members) => {
        const answer = await fetch(`${provider.url}${path}`, {
          method,
          headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(members),
        });
        await answer.text();
        const { status } = answer;
        const seen = { name, path, members, status };
        expect(seen).toEqual({ ...seen, status: statuses.find((each) => each === status) });
      });
      await fc.assert(property, { numRuns: 25, seed: SEED });
    }
  }, 120_000);
});
