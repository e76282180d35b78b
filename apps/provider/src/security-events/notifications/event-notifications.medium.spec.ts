import { Logger } from '@nestjs/common';
import { type DatabaseConnection, databaseConnection, testDatabase } from '@trefoil/testing';
import pg from 'pg';
import { SECURITY_EVENTS_CHANNEL } from '../../security-events/security-events.js';
import { until } from '../../testing/until.js';
import { EventNotifications } from './event-notifications.js';

let databaseUrl: string;
let connection: DatabaseConnection;
let notifications: EventNotifications;
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
  notifications = new EventNotifications({ DATABASE_URL: connection.url });
  notifications.onApplicationBootstrap();
  await listening(0);
});
afterEach(async () => {
  notifications.beforeApplicationShutdown();
  await notifications.onApplicationShutdown();
  await connection.cut();
});

/** Returns the number of listening connections of the test database. */
const listeners = async () => {
  const { rows } = await elsewhere.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
  );
  return rows[0]?.count ?? 0;
};
const listening = (before: number) => until(async () => ((await listeners()) > before ? true : undefined));
/** Notifies five times. Without notifications, the timer of three seconds would take at least twelve seconds. */
async function expectImmediateNotifications(): Promise<void> {
  const startedAt = Date.now();
  for (let times = 0; times < 5; times++) {
    const notified = notifications.waitForNext(notifications.count, 60_000, never);
    await notify();
    await notified;
  }
  expect(Date.now() - startedAt).toBeLessThan(8000);
}
const notify = () => elsewhere.query(`NOTIFY ${SECURITY_EVENTS_CHANNEL}`);

describe('a reader of security events', () => {
  it('is notified at once when any process records an event', async () => {
    await expectImmediateNotifications();
  });

  it('does not wait when a notification came after its last query', async () => {
    const seen = notifications.count;
    const notified = new Promise<void>((resolve) => notifications.on(resolve));
    await notify();
    await notified;
    await notifications.waitForNext(seen, 60_000, never);
  });

  it('is notified every few seconds while the connection is broken', async () => {
    await connection.cut();
    const seen = notifications.count;
    await notifications.waitForNext(seen, 60_000, never);
    expect(notifications.count).toBeGreaterThan(seen);
  });

  it('is notified at once again when the database is back', async () => {
    await connection.cut();
    await until(async () => ((await listeners()) === 0 ? true : undefined));
    await connection.restore();
    await listening(0);
    await expectImmediateNotifications();
  });

  it('listens at DATABASE_SESSION_URL when it is set, because a pooler in transaction mode drops notifications', async () => {
    const sessionUrl = new URL(databaseUrl);
    sessionUrl.searchParams.set('application_name', 'session');
    const direct = new EventNotifications({ DATABASE_URL: connection.url, DATABASE_SESSION_URL: sessionUrl.href });
    direct.onApplicationBootstrap();
    const listening = `SELECT FROM pg_stat_activity WHERE application_name = 'session' AND query ILIKE 'LISTEN%'`;
    await until(async () => (await elsewhere.query(listening)).rowCount || undefined);
    direct.beforeApplicationShutdown();
    await direct.onApplicationShutdown();
  });

  it('waits no longer than its time limit, and not after it aborts or the server stops', async () => {
    await notifications.waitForNext(notifications.count, 1, never);
    const leaving = new AbortController();
    const waiting = [
      notifications.waitForNext(notifications.count, 60_000, leaving.signal),
      notifications.waitForNext(notifications.count, 60_000, never),
    ];
    leaving.abort();
    await waiting[0];
    notifications.beforeApplicationShutdown();
    await waiting[1];
    await notifications.waitForNext(notifications.count, 60_000, never);
    expect(notifications.isStopping).toBe(true);
  });
});
