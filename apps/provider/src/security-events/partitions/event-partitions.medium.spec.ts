import { testDatabase } from '@trefoil/testing';
import type { DataSource } from 'typeorm';
import { EventPartitions } from './event-partitions.js';
import { SecurityEvent } from '../security-event.entity.js';
import { SecurityEvents } from '../security-events.js';
import { openDatabase } from '../../testing/open-database.js';

let dataSource: DataSource;
let partitions: EventPartitions;

beforeEach(async () => {
  dataSource = await openDatabase(await testDatabase());
  partitions = new EventPartitions(dataSource, { SECURITY_EVENT_RETENTION: 100 });
});
afterEach(() => dataSource.destroy());

/** Returns the tenth day of the month so many months from now. */
function inMonths(count: number, from = new Date()): Date {
  return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count, 10));
}

const name = (moment: Date): string => `security_events_${moment.toISOString().slice(0, 7).replace('-', '_')}`;

async function record(occurredAt: Date): Promise<void> {
  await new SecurityEvents(dataSource).record({ type: 'sign-in', outcome: 'success' });
  // The clock of the database cannot be changed, so this event is inserted with another time.
  await dataSource.query(`INSERT INTO security_events (occurred_at, type, outcome) VALUES ($1, 'sign-in', 'success')`, [
    occurredAt,
  ]);
}

const tablesOf = async (occurredAt: Date): Promise<string[]> => {
  const rows = await dataSource.query<{ name: string }[]>(
    'SELECT tableoid::regclass::text AS name FROM security_events WHERE occurred_at = $1',
    [occurredAt],
  );
  return rows.map((row) => row.name);
};

describe('the partitions of the security events', () => {
  it('are created before their months begin, and only once', async () => {
    const later = inMonths(5);
    expect((await partitions.run(later)).created).toEqual([later, inMonths(6), inMonths(7)].map(name));
    expect(await partitions.run(later)).toEqual({ created: [], dropped: [], moved: 0 });
    await record(inMonths(6));
    expect(await tablesOf(inMonths(6))).toEqual([name(inMonths(6))]);
  });

  it('are dropped with their events when the retention has passed, and not a day earlier', async () => {
    await partitions.run();
    await record(inMonths(0));
    const end = inMonths(1).setUTCDate(1);
    const day = 24 * 3600 * 1000;
    expect((await partitions.run(new Date(end + 99 * day))).dropped).toEqual([]);
    expect(await dataSource.manager.countBy(SecurityEvent, {})).toBe(2);
    expect((await partitions.run(new Date(end + 100 * day))).dropped).toEqual([name(new Date())]);
    expect(await dataSource.manager.countBy(SecurityEvent, {})).toBe(0);
  });

  it('receive the events of the default partition unchanged when their month is created', async () => {
    const moment = inMonths(9);
    await record(moment);
    const before = await dataSource.query('SELECT *, transaction_id::text FROM security_events ORDER BY id');
    expect(await tablesOf(moment)).toEqual(['security_events_default']);
    const changes = await partitions.run();
    expect(changes).toMatchObject({ created: [name(moment)], moved: 1 });
    expect(await tablesOf(moment)).toEqual([name(moment)]);
    expect(await dataSource.query('SELECT *, transaction_id::text FROM security_events ORDER BY id')).toEqual(before);
    expect(await dataSource.query(`SELECT to_regclass('security_events_strays') AS strays`)).toEqual([
      { strays: null },
    ]);
  });

  it('receive more events than one transaction moves', async () => {
    await dataSource.query(
      `INSERT INTO security_events (occurred_at, type, outcome)
       SELECT $1::timestamptz + make_interval(secs => n), 'sign-in', 'success' FROM generate_series(1, 4500) AS n`,
      [inMonths(9)],
    );
    expect((await partitions.run()).moved).toBe(4500);
    expect(await dataSource.manager.countBy(SecurityEvent, {})).toBe(4500);
  });

  it('do not receive expired events of the default partition, which are deleted', async () => {
    await record(inMonths(-20));
    expect(await partitions.run()).toEqual({ created: [], dropped: [], moved: 0 });
    expect(await tablesOf(inMonths(-20))).toEqual([]);
    expect(await dataSource.manager.countBy(SecurityEvent, {})).toBe(1);
  });

  it('can be maintained by several replicas at once', async () => {
    await record(inMonths(9));
    const runs = await Promise.all(Array.from({ length: 4 }, () => partitions.run(inMonths(5))));
    expect(runs.flatMap(({ created }) => created)).toHaveLength(4);
    expect(runs.reduce((sum, { moved }) => sum + moved, 0)).toBe(1);
  });
});

describe('a recorded event', () => {
  it.each([
    ['changed', `UPDATE security_events SET outcome = 'failure'`],
    ['removed', 'DELETE FROM security_events'],
    ['changed in its partition', `UPDATE ${name(new Date())} SET outcome = 'failure'`],
  ])('cannot be %s', async (_, statement) => {
    await record(inMonths(0));
    await expect(dataSource.query(statement)).rejects.toThrow('security events are only ever added');
    expect(await dataSource.manager.countBy(SecurityEvent, { outcome: 'success' })).toBe(2);
  });

  it('cannot be removed from a partition that was created later', async () => {
    await partitions.run(inMonths(5));
    await record(inMonths(6));
    await expect(dataSource.query(`DELETE FROM ${name(inMonths(6))}`)).rejects.toThrow('only ever added');
  });
});
