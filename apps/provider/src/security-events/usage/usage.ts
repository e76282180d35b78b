import { Inject, Injectable } from '@nestjs/common';
import type { GrantTypeName } from '@trefoil/oauth-protocol';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';

/** How many rows one statement inserts or deletes. */
const BATCH = 1000;
/** How many such statements one run of the deletion makes; the next run continues. */
const MAX_BATCHES = 100;
const HOUR_MILLISECONDS = 3600 * 1000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

/** A counted activity: issued tokens by grant type, refused token requests, and introspections. */
export type UsageMeasure = GrantTypeName | 'refused' | 'introspection';

/** The kind of subject whose usage is counted. */
export type UsageSubjectKind = 'client' | 'user';

/** How often one subject did one thing in one hour. */
export interface UsageCount {
  /** The beginning of the hour. */
  readonly hour: Date;
  readonly kind: UsageSubjectKind;
  /** The id of the client or user. */
  readonly subject: string;
  readonly measure: UsageMeasure;
  readonly count: number;
}

/** The usage of one subject in one hour, or in a range of hours. */
export interface UsageBucket {
  readonly hour: Date;
  readonly kind: UsageSubjectKind;
  readonly subject: string;
  readonly counts: Partial<Record<UsageMeasure, number>>;
}

/** Selects a page of buckets, ordered by hour (the newest first) and then by subject. */
export interface UsageSelection {
  readonly from: Date;
  readonly to: Date;
  readonly client?: string;
  readonly user?: string;
  readonly after?: Pick<UsageBucket, 'hour' | 'kind' | 'subject'>;
  readonly limit: number;
}

/** Returns the beginning of the hour of a time in milliseconds. */
export const hourOf = (time: number): Date => new Date(time - (time % HOUR_MILLISECONDS));

/** Stores the usage of clients and users by the hour. */
@Injectable()
export class Usage {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'USAGE_RETENTION'>,
  ) {}

  /** Adds counts to their buckets. When it fails, it adds none of them. */
  async add(counts: readonly UsageCount[]): Promise<void> {
    // All replicas lock the rows in the same order, so that there is no deadlock.
    const ordered = counts
      .map((each) => ({ ...each, key: `${each.hour.getTime()} ${each.kind} ${each.subject} ${each.measure}` }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    await this.dataSource.transaction(async (transaction) => {
      for (let start = 0; start < ordered.length; start += BATCH) {
        const batch = ordered.slice(start, start + BATCH);
        await transaction.query(
          `INSERT INTO usage_buckets AS bucket (hour, subject_kind, subject, measure, count)
           SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::bigint[])
           ON CONFLICT (hour, subject_kind, subject, measure) DO UPDATE SET count = bucket.count + excluded.count`,
          [
            batch.map(({ hour }) => hour),
            batch.map(({ kind }) => kind),
            batch.map(({ subject }) => subject),
            batch.map(({ measure }) => measure),
            batch.map(({ count }) => count),
          ],
        );
      }
    });
  }

  /** Returns a page of buckets, and whether more follow. */
  async page({
    from,
    to,
    client,
    user,
    after,
    limit,
  }: UsageSelection): Promise<{ buckets: UsageBucket[]; more: boolean }> {
    const buckets = await this.dataSource.query<UsageBucket[]>(
      `SELECT hour, subject_kind AS kind, subject, jsonb_object_agg(measure, count) AS counts
       FROM usage_buckets
       WHERE hour >= $1 AND hour < $2
         AND ($3::text IS NULL OR (subject_kind = 'client' AND subject = $3))
         AND ($4::text IS NULL OR (subject_kind = 'user' AND subject = $4))
         AND ($5::timestamptz IS NULL OR hour < $5 OR (hour = $5 AND (subject_kind, subject) > ($6, $7)))
       GROUP BY hour, subject_kind, subject
       ORDER BY hour DESC, subject_kind, subject
       LIMIT $8`,
      [from, to, client ?? null, user ?? null, after?.hour ?? null, after?.kind, after?.subject, limit + 1],
    );
    return { buckets: buckets.slice(0, limit), more: buckets.length > limit };
  }

  /** Returns the usage of the busiest subjects of a kind since a time, summed over all hours. */
  busiest(kind: UsageSubjectKind, since: Date, limit: number): Promise<Omit<UsageBucket, 'hour' | 'kind'>[]> {
    return this.dataSource.query(
      `SELECT subject, jsonb_object_agg(measure, count) AS counts
       FROM (
         SELECT subject, measure, sum(count) AS count FROM usage_buckets
         WHERE subject_kind = $1 AND hour >= $2 GROUP BY subject, measure
       ) AS summed
       GROUP BY subject ORDER BY sum(count) DESC, subject LIMIT $3`,
      [kind, since, limit],
    );
  }

  /** Deletes expired buckets in bounded batches. Returns the number of rows deleted. */
  async removeExpired(now = new Date()): Promise<number> {
    const oldest = new Date(now.getTime() - this.config.USAGE_RETENTION * DAY_MILLISECONDS);
    let removed = 0;
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const [, count] = await this.dataSource.query<[unknown, number]>(
        `DELETE FROM usage_buckets WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM usage_buckets WHERE hour < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [oldest, BATCH],
      );
      removed += count;
      if (count < BATCH) break;
    }
    return removed;
  }
}
