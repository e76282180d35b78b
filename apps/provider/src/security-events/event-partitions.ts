import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { type EventMonth, monthOf, monthOfPartition } from './event-month.js';

const MONTHS_AHEAD = 2;
/** How many strays are moved in one transaction. */
const BATCH = 2000;
/** How many such transactions one run makes; the next one goes on. */
const MOST_BATCHES = 50;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

const DEFAULT_PARTITION = 'security_events_default';
/** A former default partition, whose rows are being moved to where they belong. */
const STRAYS = 'security_events_strays';

/** What a run has done. */
export interface PartitionChanges {
  readonly created: readonly string[];
  readonly dropped: readonly string[];
  /** How many events were moved out of the default partition. */
  readonly moved: number;
}

/**
 * Keeps the table of security events in months: makes those to come, drops those that are past their time, and moves
 * what had to go into the default partition, because its month was missing, to where it belongs.
 *
 * Every step is one short transaction that several replicas may try; one that cannot have its locks within a second fails,
 * and the next run tries again. Dropping a month is the only way in which events go.
 */
@Injectable()
export class EventPartitions {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SECURITY_EVENT_RETENTION'>,
  ) {}

  async run(now = new Date()): Promise<PartitionChanges> {
    const oldest = new Date(now.getTime() - this.config.SECURITY_EVENT_RETENTION * DAY_MILLISECONDS);
    const { created, moved: movedFirst } = await this.exclusively((transaction) =>
      createMissing(transaction, now, oldest),
    );
    const dropped = await this.exclusively((transaction) => dropExpired(transaction, oldest));
    let moved = movedFirst;
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      const strays = await this.exclusively((transaction) => moveStrays(transaction, oldest));
      if (strays === undefined) break;
      moved += strays;
    }
    return { created, dropped, moved };
  }

  /** One replica at a time, and nobody who writes an event waits long behind it. */
  private exclusively<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL lock_timeout = '1s'`);
      await transaction.query(`SELECT pg_advisory_xact_lock(hashtext('security_events_partitions'))`);
      return work(transaction);
    });
  }
}

/** Makes the months ahead, and those of the strays. */
async function createMissing(
  transaction: EntityManager,
  now: Date,
  oldest: Date,
): Promise<Pick<PartitionChanges, 'created' | 'moved'>> {
  const strays = await monthsOfStrays(transaction);
  if (strays.length > 0 && !(await exists(transaction, STRAYS))) await setDefaultAside(transaction);
  const ahead = Array.from({ length: MONTHS_AHEAD + 1 }, (_, later) => monthOf(now, later));
  const wanted = [...ahead, ...strays.filter(({ to }) => to > oldest)];
  const present = new Set((await partitions(transaction)).map(({ partition }) => partition));
  const missing = new Map(
    wanted.filter(({ partition }) => !present.has(partition)).map((month) => [month.partition, month]),
  );
  for (const { partition, from, to } of missing.values()) {
    await transaction.query(
      `CREATE TABLE ${partition} PARTITION OF security_events
       FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`,
    );
  }
  // What was written last is what somebody may not have read yet: it is there again before anybody can miss it.
  const moved = strays.length > 0 ? await moveStrays(transaction, oldest) : undefined;
  return { created: [...missing.keys()], moved: moved ?? 0 };
}

/** The months of the events in the default partition. */
async function monthsOfStrays(transaction: EntityManager): Promise<EventMonth[]> {
  const months = await transaction.query<{ month: Date }[]>(
    `SELECT DISTINCT date_trunc('month', occurred_at, 'UTC') AS month FROM ${DEFAULT_PARTITION}`,
  );
  return months.map(({ month }) => monthOf(month));
}

/** A month cannot be made while the default partition has rows of it: an empty one takes its place. */
async function setDefaultAside(transaction: EntityManager): Promise<void> {
  await transaction.query(`
    ALTER TABLE security_events DETACH PARTITION ${DEFAULT_PARTITION};
    ALTER TABLE ${DEFAULT_PARTITION} RENAME TO ${STRAYS};
    CREATE TABLE ${DEFAULT_PARTITION} PARTITION OF security_events DEFAULT;
  `);
}

/** Moves some strays, the newest first; undefined when there are none, and then their table goes. */
async function moveStrays(transaction: EntityManager, oldest: Date): Promise<number | undefined> {
  if (!(await exists(transaction, STRAYS))) return undefined;
  const [{ taken, moved } = { taken: 0, moved: 0 }] = await transaction.query<{ taken: number; moved: number }[]>(
    `WITH taken AS (
       DELETE FROM ${STRAYS} WHERE id IN (SELECT id FROM ${STRAYS} ORDER BY id DESC LIMIT $1) RETURNING *
     ), moved AS (
       INSERT INTO security_events SELECT * FROM taken WHERE occurred_at >= $2 RETURNING id
     )
     SELECT (SELECT count(*)::int FROM taken) AS taken, (SELECT count(*)::int FROM moved) AS moved`,
    [BATCH, monthOf(oldest).from],
  );
  if (taken > 0) return moved;
  await transaction.query(`DROP TABLE ${STRAYS}`);
  return undefined;
}

async function dropExpired(transaction: EntityManager, oldest: Date): Promise<string[]> {
  const expired = (await partitions(transaction)).filter(({ to }) => to <= oldest).map(({ partition }) => partition);
  for (const partition of expired) await transaction.query(`DROP TABLE ${partition}`);
  return expired;
}

async function partitions(transaction: EntityManager): Promise<EventMonth[]> {
  const tables = await transaction.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'security_events'::regclass ORDER BY relname`,
  );
  return tables.flatMap(({ name }) => monthOfPartition(name) ?? []);
}

async function exists(transaction: EntityManager, table: string): Promise<boolean> {
  const [found] = await transaction.query<{ exists: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    table,
  ]);
  return found?.exists ?? false;
}
