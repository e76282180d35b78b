import { UsagePage } from '@trefoil/dto';
import { writeCursor } from '@trefoil/resource-api';
import { testDatabase } from '@trefoil/testing';
import { Usage } from '../usage/usage.js';
import { givenAccountTokens, givenAdministratorToken, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const HOUR = new Date('2026-05-14T10:00:00Z');
const DAY = '?from=2026-05-14T00:00:00Z&to=2026-05-15T00:00:00Z';

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdministratorToken(provider);
  await provider.app.get(Usage).add([
    { hour: HOUR, kind: 'client', subject: 'a client', measure: 'refresh_token', count: 3 },
    { hour: HOUR, kind: 'client', subject: 'a client', measure: 'refused', count: 1 },
    { hour: HOUR, kind: 'client', subject: 'backend', measure: 'introspection', count: 2 },
    { hour: HOUR, kind: 'user', subject: ALICE, measure: 'refresh_token', count: 3 },
  ]);
});
afterAll(() => provider.stop());

const read = (query: string, who = token) => request(provider, `/api/usage${query}`, { token: who });

describe('GET /api/usage', () => {
  it('returns the usage of clients and users by the hour to an administrator', async () => {
    const { status, body } = await read(DAY);
    expect(status).toBe(200);
    expect(UsagePage.parse(body)).toEqual(body);
    const hour = HOUR.toISOString();
    expect(body).toEqual({
      nextCursor: null,
      items: [
        { hour, clientId: 'a client', userId: null, counts: { refresh_token: 3, refused: 1 } },
        { hour, clientId: 'backend', userId: null, counts: { introspection: 2 } },
        { hour, clientId: null, userId: ALICE, counts: { refresh_token: 3 } },
      ],
    });
  });

  it.each([
    ['a client', '&client=backend', ['backend']],
    ['a user', `&user=${ALICE}`, [ALICE]],
    ['nobody', '&client=nobody', []],
  ])('returns the usage of %s', async (_, query, expected) => {
    const items = (await read(DAY + query)).body.items as { clientId: string | null; userId: string | null }[];
    expect(items.map(({ clientId, userId }) => clientId ?? userId)).toEqual(expected);
  });

  it('returns page after page, also for client ids with spaces', async () => {
    const subjects: unknown[] = [];
    for (let cursor = ''; ;) {
      const { body } = await read(`${DAY}&limit=1${cursor}`);
      subjects.push(body.items[0].clientId ?? body.items[0].userId);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(subjects).toEqual(['a client', 'backend', ALICE]);
  });

  it.each([
    ['user', '?user=alice'],
    ['from', '?from=yesterday'],
    ['cursor', '?cursor=x'],
    ['cursor', `?cursor=${writeCursor('8640000000000001', 'user', ALICE)}`],
    ['cursor', `?cursor=${writeCursor('1778752800000', 'user', 'a\0b')}`],
    ['limit', '?limit=1001'],
  ])('names the field %s of %s (RFC 9457 §3)', async (field, query) => {
    const { status, body } = await read(query);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  it('refuses other users, even with the scope events:read', async () => {
    const { accessToken } = await givenAccountTokens(provider, ['openid', 'events:read']);
    expect((await read(DAY, accessToken)).status).toBe(403);
  });
});
