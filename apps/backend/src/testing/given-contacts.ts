import type { DataSource } from 'typeorm';

const BATCH_SIZE = 500;

/**
 * Inserts contacts named `1` to `count`, each a second newer than the one before. Inserts them in batches, because the
 * backend's connections have a time limit for each statement.
 */
export async function givenContacts(dataSource: DataSource, owner: string, count: number, notes = ''): Promise<void> {
  for (let first = 1; first <= count; first += BATCH_SIZE) {
    await dataSource.query(
      `INSERT INTO contacts (id, owner, name, email, phone, company, notes, version, created_at)
       SELECT gen_random_uuid(), $1, number, '', '', '', $4, 1, now() + make_interval(secs => number)
       FROM generate_series($2::int, $3::int) AS number`,
      [owner, first, Math.min(count, first + BATCH_SIZE - 1), notes],
    );
  }
}
