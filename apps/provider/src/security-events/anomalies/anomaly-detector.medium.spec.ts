import { PostgresStateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { FlaggedAnomalies } from './flagged-anomalies.js';
import { SecurityEvent } from '../security-event.entity.js';
import { type EventDatabase, eventDatabase } from '../../testing/event-database.js';
import { AnomalyDetector } from './anomaly-detector.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const failure = { type: 'sign-in', outcome: 'failure', userId: ALICE } as const;

let database: EventDatabase;
let replicas: AnomalyDetector[];

beforeAll(async () => {
  database = await eventDatabase();
  const { dataSource, events } = database;
  const store = new PostgresStateStore((dataSource.driver as unknown as { master: Pool }).master);
  const flagged = new FlaggedAnomalies(dataSource, events);
  replicas = Array.from({ length: 4 }, () => new AnomalyDetector(dataSource, flagged, store));
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('TRUNCATE security_events, flagged_anomalies'));

const runAll = async (now: Date): Promise<number> => {
  const flagged = await Promise.all(replicas.map((replica) => replica.run(now)));
  return flagged.reduce((sum, count) => sum + count, 0);
};

const soon = (minutes: number): Date => new Date(Date.now() + minutes * 60_000 + 1000);

describe('a finding of a rule', () => {
  it('is flagged once among all replicas, as an event with the observed figures', async () => {
    await database.record(failure, 8);
    expect(await runAll(soon(0))).toBe(1);
    const flagged = await database.dataSource.manager.findBy(SecurityEvent, { type: 'anomaly' });
    expect(flagged).toMatchObject([
      { outcome: 'failure', userId: ALICE, details: { rule: 'failures-of-account', subject: ALICE, failures: '8' } },
    ]);
  });

  it('is not flagged again within the window, and is flagged again when it continues after the window', async () => {
    await database.record(failure, 8);
    expect(await runAll(soon(0))).toBe(1);
    await database.record(failure, 8);
    expect(await runAll(soon(1))).toBe(0);
    await database.record(failure, 8, -14 * 60);
    expect(await runAll(soon(14))).toBe(0);
    expect(await runAll(soon(15))).toBe(1);
  });

  it('is flagged even when another rule fails', async () => {
    await database.record(failure, 8);
    await database.dataSource.query('ALTER TABLE grant_networks RENAME TO gone');
    try {
      expect(await replicas[0]?.run(soon(0))).toBe(1);
    } finally {
      await database.dataSource.query('ALTER TABLE gone RENAME TO grant_networks');
    }
  });

  it('never results from recorded anomalies', async () => {
    await database.record({ ...failure, type: 'anomaly', address: '192.0.2.1' }, 100);
    expect(await runAll(soon(0))).toBe(0);
  });
});
