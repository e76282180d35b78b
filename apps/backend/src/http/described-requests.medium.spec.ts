import { LoopbackIssuer, testDatabase } from '@trefoil/testing';
import {
  type DescribedOperation,
  describedOperations,
  type OpenApiDocument,
} from '@trefoil/testing/described-requests';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { type BackendUnderTest, startBackend } from '../testing/backend-under-test.js';

const issuer = new LoopbackIssuer();
const ALICE = 'alice';
const BODIES = [{ name: 'Ada' }, { name: 'Grace', notes: 'a note' }];
const bodies: Readonly<Record<string, fc.Arbitrary<object>>> = {
  POST: fc.constantFrom(...BODIES),
  PATCH: fc.constantFrom({}, ...BODIES),
};

let backend: BackendUnderTest;
let operations: DescribedOperation[];

beforeAll(async () => {
  await issuer.start();
  issuer.users.set(ALICE, { name: 'Alice', email: 'alice@example.com' });
  backend = await startBackend(await testDatabase(), issuer);
  const alice = backend.as(ALICE);
  const contacts = await Promise.all(Array.from({ length: 5 }, () => alice.post('/v1/contacts', { name: 'Ada' })));
  const ids = contacts.map(({ body }) => String(body.id));
  const { body } = await alice.get('/docs-json');
  operations = describedOperations(body as OpenApiDocument, { id: [...ids, randomUUID()] });
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});

/** Sends requests that fit the description of an operation. Returns the statuses that they are answered with. */
async function statusesOf({ name, method, requests }: DescribedOperation): Promise<Set<number>> {
  const token = name.includes('exports') ? backend.machineToken() : backend.userToken(ALICE);
  const statuses = new Set<number>();
  const send = fc.asyncProperty(requests, bodies[method] ?? fc.constant(undefined), async ({ path, headers }, body) => {
    const answer = await fetch(`${backend.url}${path}`, {
      method,
      headers: { ...headers, Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    statuses.add(answer.status);
    await answer.text();
  });
  await fc.assert(send, { numRuns: 50 });
  return statuses;
}

describe('a request that fits the OpenAPI description', () => {
  it.each([
    'GET /v1/profile',
    'GET /v1/contacts',
    'POST /v1/contacts',
    'GET /v1/contacts/{id}',
    'PATCH /v1/contacts/{id}',
    'GET /v1/exports/contacts',
    // The last one, because it deletes the contacts.
    'DELETE /v1/contacts/{id}',
  ])('is not refused as malformed, and is answered with a documented status: %s', async (name) => {
    const operation = operations.find((candidate) => candidate.name === name);
    if (!operation) throw new Error(`${name} is not described`);
    const statuses = await statusesOf(operation);
    expect(operation.statuses).toEqual(expect.arrayContaining([...statuses]));
    expect([...statuses]).not.toContain(400);
  });

  it('is tested for every operation', () => {
    expect(operations).toHaveLength(9);
  });

  it('can have the values of If-Match, Idempotency-Key and cursor that the API returned', async () => {
    const alice = backend.as(ALICE);
    const key = { 'Idempotency-Key': randomUUID() };
    const { headers, body } = await alice.post('/v1/contacts', { name: 'Ada' }, key);
    await alice.post('/v1/contacts', { name: 'Grace' });
    const { nextCursor } = (await alice.get('/v1/contacts?limit=1')).body;
    const document = (await alice.get('/docs-json')).body;
    const patternOf = (path: string, method: string, name: string) =>
      new RegExp(
        document.paths[path][method].parameters.find((parameter: { name: string }) => parameter.name === name).schema
          .pattern,
      );
    expect(headers.get('etag')).toMatch(patternOf('/v1/contacts/{id}', 'patch', 'If-Match'));
    expect(headers.get('etag')).toMatch(patternOf('/v1/contacts/{id}', 'get', 'If-None-Match'));
    expect(key['Idempotency-Key']).toMatch(patternOf('/v1/contacts', 'post', 'Idempotency-Key'));
    expect(nextCursor).toMatch(patternOf('/v1/contacts', 'get', 'cursor'));
    expect(body.name).toBe('Ada');
  });
});
