import { Logger } from '@nestjs/common';
import { testDatabase } from '@trefoil/testing';
import pg from 'pg';
import { SECURITY_EVENTS_CHANNEL } from '../../security-events/security-events.js';
import { type DatabaseConnection, databaseConnection } from '../../testing/database-connection.js';
import { until } from '../../testing/until.js';
import { WakeUps } from './wake-ups.js';

let databaseUrl: string;
let connection: DatabaseConnection;
let wakeUps: WakeUps;
let elsewhere: pg.Client;

const never = new AbortController().signal;

beforeAll(async () => {
  Logger.overrideLogger(false);
  databaseUrl = await testDatabase();
  elsewhere = new pg.Client({ connectionString: databaseUrl });
  await elsewhere.connect();
});
afterAll(() => elsewhere.end());
beforeEach(async () => {
  connection = await databaseConnection(databaseUrl);
  wakeUps = new WakeUps({ DATABASE_URL: connection.url });
  wakeUps.onApplicationBootstrap();
  await listening(0);
});
afterEach(async () => {
  wakeUps.beforeApplicationShutdown();
  await wakeUps.onApplicationShutdown();
  await connection.cut();
});

/** How many connections of the test database listen. */
const listeners = async () => {
  const { rows } = await elsewhere.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
  );
  return rows[0]?.count ?? 0;
};
const listening = (before: number) => until(async () => ((await listeners()) > before ? true : undefined));
/** Tells five times; whoever only looks every three seconds takes at least twelve. */
async function wokenAtOnce(): Promise<void> {
  const begun = Date.now();
  for (let times = 0; times < 5; times++) {
    const woken = wakeUps.after(wakeUps.count, 60_000, never);
    await notify();
    await woken;
  }
  expect(Date.now() - begun).toBeLessThan(8000);
}
const notify = () => elsewhere.query(`NOTIFY ${SECURITY_EVENTS_CHANNEL}`);

describe('who passes security events on', () => {
  it('is woken at once by whoever records one, at whichever process', async () => {
    await wokenAtOnce();
  });

  it('does not wait when there was reason to look since it looked', async () => {
    const seen = wakeUps.count;
    const woken = new Promise<void>((resolve) => wakeUps.on(resolve));
    await notify();
    await woken;
    await wakeUps.after(seen, 60_000, never);
  });

  it('looks now and then when nothing is told', async () => {
    await connection.cut();
    const seen = wakeUps.count;
    await wakeUps.after(seen, 60_000, never);
    expect(wakeUps.count).toBeGreaterThan(seen);
  });

  it('is told again when the database is back', async () => {
    await connection.cut();
    await until(async () => ((await listeners()) === 0 ? true : undefined));
    await connection.restore();
    await listening(0);
    await wokenAtOnce();
  });

  it('waits no longer than it wants to, or than the server lives', async () => {
    await wakeUps.after(wakeUps.count, 1, never);
    const leaving = new AbortController();
    const waiting = [wakeUps.after(wakeUps.count, 60_000, leaving.signal), wakeUps.after(wakeUps.count, 60_000, never)];
    leaving.abort();
    await waiting[0];
    wakeUps.beforeApplicationShutdown();
    await waiting[1];
    await wakeUps.after(wakeUps.count, 60_000, never);
    expect(wakeUps.isStopping).toBe(true);
  });
});
