import { PostgresStateStore, stateStoreSchema } from '@trefoil/state-store';
import { testDatabase } from '@trefoil/testing';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Apis } from '../apis/apis.js';
import { Encryption } from '../database/encryption.js';
import { SealedEntries } from '../database/sealed-entries.js';
import type { SessionContent } from './session.js';
import { SessionIndex } from './session-index.js';
import { sessionKey, Sessions } from './sessions.js';

let pool: pg.Pool;

beforeAll(async () => {
  const url = await testDatabase();
  pool = new pg.Pool({ connectionString: url });
  await pool.query(stateStoreSchema);
});
afterAll(() => pool.end());
afterEach(() => pool.query('TRUNCATE state_entries'));

const content: SessionContent = {
  sub: 'alice',
  sid: 'sid-1',
  accessTokens: { 'https://api.example': { value: 'eyJaccess', expiresAt: 0, lifetime: 600 } },
  refreshToken: 'tfr_refresh',
};

const apis = new Apis([
  {
    name: 'api',
    title: 'API',
    resource: 'https://api.example',
    url: 'https://api.example',
    scopes: [],
    browserPaths: [],
  },
]);
const encryption = new Encryption({ ENCRYPTION_KEY: [randomBytes(32)] });

function sessions(lifetimes = { SESSION_IDLE_SECONDS: 3600, SESSION_LIFETIME_SECONDS: 7200 }): Sessions {
  const store = new PostgresStateStore(pool);
  const entries = new SealedEntries(encryption);
  return new Sessions(store, entries, new SessionIndex(store, entries, lifetimes), lifetimes, apis);
}

/** Moves the times of every session into the past. */
async function age(seconds: number, field: 'createdAt' | 'lastSeenAt'): Promise<void> {
  const { rows } = await pool.query<{ key: string; value: Record<string, number> }>(
    "SELECT key, value FROM state_entries WHERE key LIKE 'session:%'",
  );
  for (const { key, value } of rows) {
    const aged = { ...value, [field]: (value[field] ?? 0) - seconds };
    await pool.query('UPDATE state_entries SET value = $2 WHERE key = $1', [key, JSON.stringify(aged)]);
  }
}

describe('Sessions', () => {
  it('finds a session by its id, and stores only a hash of the id and encrypted tokens', async () => {
    const { id } = await sessions().create(content);
    expect((await sessions().find(id))?.content).toEqual(content);
    const stored = JSON.stringify((await pool.query('SELECT * FROM state_entries')).rows);
    expect([id, 'eyJaccess', 'tfr_refresh', 'alice', 'sid-1'].filter((text) => stored.includes(text))).toEqual([]);
  });

  it('treats a record that was moved to another session as absent', async () => {
    const [mine, other] = [await sessions().create(content), await sessions().create({ ...content, sub: 'bob' })];
    await pool.query(
      "UPDATE state_entries SET value = (SELECT value FROM state_entries WHERE key LIKE 'session:%' LIMIT 1)",
    );
    const found = await Promise.all([sessions().find(mine.id), sessions().find(other.id)]);
    expect(found.filter(Boolean)).toHaveLength(1);
  });

  it('ends a session after SESSION_IDLE_SECONDS without use', async () => {
    const { id } = await sessions().create(content);
    await age(3601, 'lastSeenAt');
    expect(await sessions().find(id)).toBeUndefined();
  });

  it('keeps a session that is in use, and ends it after SESSION_LIFETIME_SECONDS', async () => {
    const { id } = await sessions().create(content);
    await age(3500, 'lastSeenAt');
    await sessions().use(id);
    await age(3500, 'lastSeenAt');
    expect(await sessions().find(id)).toBeDefined();
    await age(7201, 'createdAt');
    expect(await sessions().find(id)).toBeUndefined();
  });

  it('does not write to the database for every request', async () => {
    const { id } = await sessions().create(content);
    const versions = async () =>
      (await pool.query("SELECT version FROM state_entries WHERE key LIKE 'session:%'")).rows;
    const before = await versions();
    await sessions().use(id);
    expect(await versions()).toEqual(before);
  });

  it('does not record a read that is not a use, such as the check of an open download', async () => {
    const { id } = await sessions().create(content);
    await age(3500, 'lastSeenAt');
    expect(await sessions().find(id)).toBeDefined();
    await age(101, 'lastSeenAt');
    expect(await sessions().find(id)).toBeUndefined();
  });

  it.each([1, 2, 10, 30, 60, 61])(
    'keeps a session that is in use when SESSION_IDLE_SECONDS is %i, and ends it without use',
    async (idle) => {
      const short = sessions({ SESSION_IDLE_SECONDS: idle, SESSION_LIFETIME_SECONDS: 7200 });
      const { id } = await short.create(content);
      const pause = Math.max(1, Math.floor(idle * 0.8));
      for (let seconds = 0; seconds < 5 * idle; seconds += pause) {
        await age(pause, 'lastSeenAt');
        expect(await short.use(id)).toBeDefined();
      }
      await age(idle + 1, 'lastSeenAt');
      expect(await short.use(id)).toBeUndefined();
    },
  );

  it('loses no change when requests change a session at the same time', async () => {
    const { id } = await sessions().create({ ...content, name: '' });
    const count = (all: SessionContent) => ({ ...all, name: `${all.name ?? ''}x` });
    await Promise.all(Array.from({ length: 10 }, () => sessions().update(id, count)));
    expect((await sessions().find(id))?.content.name).toHaveLength(10);
  });

  it('does not restore an ended session by changing it', async () => {
    const { id } = await sessions().create(content);
    await sessions().end(id);
    expect(await sessions().update(id, (all) => all)).toBeUndefined();
    expect(await sessions().find(id)).toBeUndefined();
  });

  it('ends all sessions from one session at the provider, and no other', async () => {
    const mine = await Promise.all([1, 2, 3].map(() => sessions().create(content)));
    const other = await sessions().create({ ...content, sid: 'sid-2' });
    expect(await sessions().endBySid('sid-1')).toBe(3);
    expect(await Promise.all(mine.map(({ id }) => sessions().find(id)))).toEqual([undefined, undefined, undefined]);
    expect(await sessions().find(other.id)).toBeDefined();
    expect(await sessions().endBySid('sid-1')).toBe(0);
  });

  it('shares sessions with replicas of release 0.1.0, which know the token of the backend only', async () => {
    const { id } = await sessions().create(content);
    const key = sessionKey(id);
    const { accessTokens: _, ...rest } = content;
    const released = { ...rest, accessToken: 'eyJaccess', accessTokenExpiresAt: 0, accessTokenLifetime: 600 };
    const { rows } = await pool.query<{ sealed: string }>(
      `SELECT value ->> 'sealed' AS sealed FROM state_entries WHERE key = $1`,
      [key],
    );
    expect(encryption.decrypt(rows[0]?.sealed ?? '', key)).toMatchObject(released);
    const refreshed = encryption.encrypt({ ...released, accessToken: 'eyJother' }, key);
    await pool.query(
      `UPDATE state_entries SET value = (value::jsonb || jsonb_build_object('sealed', $2::text))::json WHERE key = $1`,
      [key, refreshed],
    );
    expect((await sessions().find(id))?.content).toEqual({
      ...content,
      accessTokens: { 'https://api.example': { value: 'eyJother', expiresAt: 0, lifetime: 600 } },
    });
  });
});
