import pg from 'pg';
import { testDatabase } from './database.js';

describe('testDatabase', () => {
  it('creates an empty database for each call', async () => {
    const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
    await query(first, 'CREATE TABLE leaves (count integer)');
    await expect(query(second, 'SELECT * FROM leaves')).rejects.toThrow('relation "leaves" does not exist');
  });
});

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
