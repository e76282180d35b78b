import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { UsageCount, UsageMeasure, UsageSubjectKind } from './usage-bucket.js';

/** How many rows one statement writes or removes. */
const BATCH = 1000;
/** How many such statements one run of the removal makes; the next run goes on. */
const MOST_BATCHES = 100;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** The usage of one subject in one hour, or over a span of hours. */
export interface UsageBucket {
  readonly hour: Date;
  readonly kind: UsageSubjectKind;
  readonly subject: string;
  readonly counts: Partial<Record<UsageMeasure, number>>;
}

/** Which buckets are asked for; the newest hour first, and in it by subject. */
export interface UsageSelection {
  readonly from: Date;
  readonly to: Date;
  readonly client?: string;
  readonly user?: string;
  readonly after?: Pick<UsageBucket, 'hour' | 'kind' | 'subject'>;
  readonly limit: number;
}

/** What clients and users have done, by the hour. */
@Injectable()
export class Usage {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'USAGE_RETENTION'>,
  ) {}

  /** Adds counts to their buckets: all of them or, when it fails, none. */
  async add(counts: readonly UsageCount[]): Promise<void> {
    // In one order, so that two replicas never wait for each other's rows.
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

  /** Some buckets, and whether more follow. */
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

  /** What each of the busiest subjects of a kind did since a moment, all hours together. */
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

  /** Removes the buckets that are past their time, in bounded batches; tells how many rows it were. */
  async removeExpired(now = new Date()): Promise<number> {
    const oldest = new Date(now.getTime() - this.config.USAGE_RETENTION * DAY_MILLISECONDS);
    let removed = 0;
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
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
