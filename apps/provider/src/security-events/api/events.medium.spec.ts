import { AccountEventPage, SecurityEventLine, SecurityEventPage } from '@trefoil/dto';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { decodeJwt } from 'jose';
import { Readable } from 'node:stream';
import { SecurityEvents } from '../security-events.js';
import { givenAccountTokens, givenAdministratorToken, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { untilEventsAreSettled } from '../../testing/until.js';
import { EventExport } from './event-export.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const BOB = 'b0b00000-0000-4000-8000-000000000002';

let provider: ProviderUnderTest;
let events: SecurityEvents;
let alice: string;
let administrator: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  events = provider.app.get(SecurityEvents);
  alice = (await givenAccountTokens(provider)).accessToken;
  administrator = await givenAdministratorToken(provider);
});
afterAll(() => provider.stop());
beforeEach(async () => {
  await events.recordRepeated();
  await provider.dataSource.query('TRUNCATE security_events');
});

const own = (query = '', token = alice) => request(provider, `/api/account/events${query}`, { token });
const all = (query = '', token = administrator) => request(provider, `/api/events${query}`, { token });

const exported = async (query = '', token = administrator) => {
  const answer = await fetch(`${provider.url}/api/events${query}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/x-ndjson' },
  });
  const text = await answer.text();
  const lines = text.split('\n').filter(Boolean);
  return { status: answer.status, headers: answer.headers, lines: lines.map((line) => JSON.parse(line) as Line) };
};
type Line = SecurityEventLine;

const signIns = async (count: number, userId = ALICE): Promise<void> => {
  for (let n = 0; n < count; n++) {
    await events.record({ type: 'sign-in', outcome: 'success', userId, requestId: `request-${n}` });
  }
  await untilEventsAreSettled(provider.dataSource);
};

describe('GET /api/account/events', () => {
  it('returns the events of the user, the newest first, with descriptions', async () => {
    await events.record({ type: 'sign-in', outcome: 'failure', userId: ALICE, address: '192.0.2.7', agent: 'Firefox' });
    await events.record({ type: 'consent', outcome: 'success', userId: ALICE, clientId: 'frontend' });
    const { status, headers, body } = await own();
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(AccountEventPage.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      nextCursor: null,
      items: [
        { type: 'consent', what: 'Application allowed', clientId: 'frontend', clientName: 'Trefoil Contacts' },
        { type: 'sign-in', outcome: 'failure', what: 'Failed to sign in', address: '192.0.2.7', agent: 'Firefox' },
      ],
    });
  });

  it('reveals nothing about other people', async () => {
    await signIns(2, BOB);
    await events.record({
      type: 'user-tokens-revoked',
      outcome: 'success',
      userId: ALICE,
      actor: BOB,
      address: '192.0.2.7',
      agent: 'the agent of bob',
      requestId: 'the request of bob',
      details: { scope: 'openid', secretOfBob: 'x' },
    });
    const { body } = await own();
    expect(body.items).toMatchObject([{ type: 'user-tokens-revoked', byOperator: true, details: { scope: 'openid' } }]);
    expect(JSON.stringify(body)).not.toMatch(/192\.0\.2\.7|bob|b0b0/i);
  });

  it('returns page after page without a gap, even when events are recorded meanwhile', async () => {
    await signIns(5);
    const first = await own('?limit=2');
    await signIns(3);
    const second = await own(`?limit=2&cursor=${first.body.nextCursor}`);
    const third = await own(`?limit=2&cursor=${second.body.nextCursor}`);
    const ids = [first, second, third].flatMap(({ body }) =>
      (body.items as { id: string }[]).map(({ id }) => Number(id)),
    );
    expect(ids).toHaveLength(5);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(third.body.nextCursor).toBeNull();
  });

  it.each([
    ['cursor', '?cursor=nonsense'],
    ['cursor', `?cursor=${Buffer.from('page 99999999999999999999').toString('base64url')}`],
    ['limit', '?limit=0'],
    ['limit', '?limit=1&limit=2'],
  ])('names the field %s of %s (RFC 9457 §3)', async (field, query) => {
    const { status, body } = await own(query);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  it('needs the scope account:read (RFC 6750 §3.1)', async () => {
    const { accessToken } = await givenAccountTokens(provider, ['openid']);
    expect((await own('', accessToken)).status).toBe(403);
  });
});

describe('GET /api/events', () => {
  it('returns user, client, address and request of each event to an administrator', async () => {
    await events.record({
      type: 'sign-in',
      outcome: 'success',
      userId: BOB,
      clientId: 'frontend',
      address: '192.0.2.7',
      agent: 'Firefox',
      requestId: 'the-request',
    });
    const { status, body } = await all();
    expect(status).toBe(200);
    expect(SecurityEventPage.parse(body)).toEqual(body);
    expect(body.items).toMatchObject([
      { type: 'sign-in', userId: BOB, clientName: 'Trefoil Contacts', requestId: 'the-request', agent: 'Firefox' },
    ]);
  });

  it.each([
    ['type=consent', 'consent'],
    ['outcome=failure', 'sign-in failure'],
    [`user=${BOB}`, 'sign-in failure'],
    ['client=backend', 'client-updated'],
    [`session=${ALICE}`, 'sign-out'],
    [`grant=${BOB}`, 'grant-revoked'],
    ['to=2001-01-01T00:00:00%2B01:00', ''],
    ['from=2001-01-01T00:00:00Z&type=sign-out', 'sign-out'],
  ])('returns the events that match %s', async (query, expected) => {
    await events.record({ type: 'consent', outcome: 'success', userId: ALICE, clientId: 'frontend' });
    await events.record({ type: 'sign-in', outcome: 'failure', userId: BOB });
    await events.record({ type: 'client-updated', outcome: 'success', clientId: 'backend' });
    await events.record({ type: 'sign-out', outcome: 'success', sessionId: ALICE });
    await events.record({ type: 'grant-revoked', outcome: 'success', grantId: BOB });
    const items = (await all(`?${query}`)).body.items as { type: string; outcome: string }[];
    const found = items.map(({ type, outcome }) => (outcome === 'failure' ? `${type} failure` : type));
    expect(found.join()).toBe(expected);
  });

  it.each([
    ['type', '?type=nonsense'],
    ['outcome', '?outcome=maybe'],
    ['user', '?user=alice'],
    ['client', '?client=a%00b'],
    ['from', '?from=yesterday'],
    ['to', '?to=2026-13-01T00:00:00Z'],
    ['cursor', '?cursor=x'],
  ])('names the field %s of %s (RFC 9457 §3)', async (field, query) => {
    const { status, body } = await all(query);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  it('refuses other users, even with the scope events:read', async () => {
    const { accessToken } = await givenAccountTokens(provider, ['openid', 'events:read']);
    expect((await all('', accessToken)).status).toBe(403);
    expect((await exported('', accessToken)).status).toBe(403);
    expect((await all('', alice)).status).toBe(403);
    expect((await request(provider, '/api/events')).status).toBe(401);
  });

  it('refuses a former administrator at once', async () => {
    const token = await givenAdministratorToken(provider);
    await provider.dataSource.query(`UPDATE users SET administrator = false WHERE email = 'admin@example.com'`);
    try {
      expect((await all('', token)).status).toBe(403);
    } finally {
      await provider.dataSource.query(`UPDATE users SET administrator = true WHERE email = 'admin@example.com'`);
    }
  });
});

describe('the export of events', () => {
  it('has one object per line, in the order of recording, over several batches', async () => {
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, request_id)
       SELECT 'sign-in', 'success', n::text FROM generate_series(1, 1200) AS n`,
    );
    await untilEventsAreSettled(provider.dataSource);
    const { status, headers, lines } = await exported();
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(lines.map(({ requestId }) => Number(requestId))).toEqual(Array.from({ length: 1200 }, (_, n) => n + 1));
    expect(SecurityEventLine.parse(lines[0])).toEqual(lines[0]);
  });

  it('continues after the cursor of a line, with the same filters', async () => {
    await signIns(4);
    await events.record({ type: 'consent', outcome: 'success', userId: ALICE });
    await untilEventsAreSettled(provider.dataSource);
    const { lines } = await exported('?type=sign-in');
    const rest = await exported(`?type=sign-in&cursor=${lines[1]?.cursor}`);
    expect(rest.lines).toEqual(lines.slice(2));
    expect((await exported(`?type=sign-in&cursor=${lines[3]?.cursor}`)).lines).toEqual([]);
  });

  it('skips no event that commits late: it ends before it, and continues with it', async () => {
    const late = provider.dataSource.createQueryRunner();
    await late.startTransaction();
    try {
      await events.record({ type: 'sign-in', outcome: 'success', requestId: 'late' }, late.manager);
      await events.record({ type: 'sign-in', outcome: 'success', requestId: 'early' });
      const before = await exported();
      expect(before.lines).toEqual([]);
      await late.commitTransaction();
      await untilEventsAreSettled(provider.dataSource);
      const after = await exported();
      expect(after.lines.map(({ requestId }) => requestId).sort()).toEqual(['early', 'late']);
    } finally {
      await late.release();
    }
  });

  it('ends with the number of its lines when that is asked for, so that any reader can tell that nothing is missing', async () => {
    await signIns(3);
    const { lines } = await exported('?end=line');
    expect(lines.pop()).toEqual({ end: true, count: 3 });
    expect(lines.map(({ type }) => type)).toEqual(['sign-in', 'sign-in', 'sign-in']);
    expect((await exported()).lines).toEqual(lines);
  });

  it('fails when its user is no longer an administrator', async () => {
    await signIns(1);
    const claims = decodeJwt<AccessTokenClaims>(administrator);
    const token = {
      token: administrator,
      claims,
      scopes: new Set<string>(),
      roles: new Set<string>(),
      subject: 'user' as const,
    };
    const lines = await provider.app.get(EventExport, { strict: false }).lines({ filter: {} }, token);
    await provider.dataSource.query(`UPDATE users SET administrator = false WHERE email = 'admin@example.com'`);
    try {
      await expect(Readable.from(lines).toArray()).rejects.toThrow('closed');
    } finally {
      await provider.dataSource.query(`UPDATE users SET administrator = true WHERE email = 'admin@example.com'`);
    }
  });

  it('returns the events from before a copy of the database into another cluster, then the events since', async () => {
    await provider.dataSource.query(
      `INSERT INTO security_events (type, outcome, request_id, transaction_id)
       SELECT 'sign-in', 'success', 'copied ' || n, (900000000000 + n)::text::xid8 FROM generate_series(1, 3) AS n`,
    );
    await signIns(2);
    const { lines } = await exported();
    const all = ['copied 1', 'copied 2', 'copied 3', 'request-0', 'request-1'];
    expect(lines.map(({ requestId }) => requestId)).toEqual(all);
    for (const [n, { cursor }] of lines.entries()) {
      const rest = await exported(`?cursor=${cursor}`);
      expect(rest.lines.map(({ requestId }) => requestId)).toEqual(all.slice(n + 1));
    }
  });

  it('refuses the cursor of a page, and a page refuses the cursor of a line', async () => {
    await signIns(2);
    const { lines } = await exported();
    const { body } = await all('?limit=1');
    expect((await exported(`?cursor=${body.nextCursor}`)).status).toBe(400);
    expect((await all(`?cursor=${lines[0]?.cursor}`)).body.errors).toMatchObject([{ field: 'cursor' }]);
  });
});
