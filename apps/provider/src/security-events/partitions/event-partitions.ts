import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { type EventMonth, monthOf, monthOfPartition } from './event-month.js';

const MONTHS_AHEAD = 2;
/** How many rows one transaction moves out of a former default partition. */
const BATCH = 2000;
/** How many such transactions one run makes; the next run continues. */
const MAX_BATCHES = 50;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

const DEFAULT_PARTITION = 'security_events_default';
/** A former default partition, whose rows are being moved to the partitions of their months. */
const STRAYS = 'security_events_strays';

/** The changes that a run has made. */
export interface PartitionChanges {
  readonly created: readonly string[];
  readonly dropped: readonly string[];
  /** The number of events that were moved out of the default partition. */
  readonly moved: number;
}

/**
 * Maintains the monthly partitions of the table of security events: creates those of the coming months, drops expired
 * ones, and moves events out of the default partition, which receives them when the partition of their month is
 * missing.
 *
 * Several replicas may run this at the same time. Every step is one short transaction that fails when it cannot lock
 * the tables within a second; the next run tries again. Events are deleted only by dropping the partition of their
 * month.
 */
@Injectable()
export class EventPartitions {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SECURITY_EVENT_RETENTION'>,
  ) {}

  /** Runs all steps once. */
  async run(now = new Date()): Promise<PartitionChanges> {
    const oldest = new Date(now.getTime() - this.config.SECURITY_EVENT_RETENTION * DAY_MILLISECONDS);
    const { created, moved: movedFirst } = await this.exclusively((transaction) =>
      createMissing(transaction, now, oldest),
    );
    const dropped = await this.exclusively((transaction) => dropExpired(transaction, oldest));
    let moved = movedFirst;
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const strays = await this.exclusively((transaction) => moveStrays(transaction, oldest));
      if (strays === undefined) break;
      moved += strays;
    }
    return { created, dropped, moved };
  }

  /** Runs a step on one replica at a time. The lock timeout keeps it from blocking inserts of events for long. */
  private exclusively<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL lock_timeout = '1s'`);
      await transaction.query(`SELECT pg_advisory_xact_lock(hashtext('security_events_partitions'))`);
      return work(transaction);
    });
  }
}

/** Creates the partitions of the coming months, and of the months in the default partition. */
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
  // The former default partition is no longer part of the table. Readers may not have read its newest events yet, so
  // these are moved in the same transaction.
  const moved = strays.length > 0 ? await moveStrays(transaction, oldest) : undefined;
  return { created: [...missing.keys()], moved: moved ?? 0 };
}

/** Returns the months of the events in the default partition. */
async function monthsOfStrays(transaction: EntityManager): Promise<EventMonth[]> {
  const months = await transaction.query<{ month: Date }[]>(
    `SELECT DISTINCT date_trunc('month', occurred_at, 'UTC') AS month FROM ${DEFAULT_PARTITION}`,
  );
  return months.map(({ month }) => monthOf(month));
}

/**
 * Replaces the default partition with an empty one, because a month with rows in the default partition cannot be
 * created.
 */
async function setDefaultAside(transaction: EntityManager): Promise<void> {
  await transaction.query(`
    ALTER TABLE security_events DETACH PARTITION ${DEFAULT_PARTITION};
    ALTER TABLE ${DEFAULT_PARTITION} RENAME TO ${STRAYS};
    CREATE TABLE ${DEFAULT_PARTITION} PARTITION OF security_events DEFAULT;
  `);
}

/**
 * Moves a batch of events out of the former default partition, the newest first, and returns how many were moved. When
 * it is empty, drops it and returns undefined.
 */
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
