import pg from 'pg';
import { testDatabase } from './database.js';
import { breakingChanges, readSchema } from './schema-changes.js';

/** Returns the breaking changes that a statement makes to a small schema. */
async function changesBy(statement: string): Promise<string[]> {
  await client.query(`
    CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL DEFAULT '', email text, age int);
    CREATE TABLE notes (person int);`);
  const before = await readSchema(url);
  await client.query(statement);
  return breakingChanges(before, await readSchema(url));
}

let url: string;
let client: pg.Client;

beforeAll(async () => {
  url = await testDatabase();
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterEach(() => client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
afterAll(() => client.end());

describe('the breaking changes of a schema', () => {
  it.each([
    ['a removed table', 'DROP TABLE notes', 'notes is gone'],
    ['a renamed table', 'ALTER TABLE notes RENAME TO remarks', 'notes is gone'],
    ['a removed column', 'ALTER TABLE people DROP email', 'people.email is gone'],
    ['a renamed column', 'ALTER TABLE people RENAME email TO mail', 'people.email is gone'],
    ['another type', 'ALTER TABLE people ALTER age TYPE text', 'people.age changed from integer to text'],
    ['a column that becomes required', 'ALTER TABLE people ALTER email SET NOT NULL', 'people.email is required'],
    ['a lost default', 'ALTER TABLE people ALTER name DROP DEFAULT', 'people.name has no default any more'],
    ['a required column', 'ALTER TABLE people ADD born date NOT NULL', 'people.born is new and has no default'],
    ['a check', 'ALTER TABLE people ADD CHECK (age > 0)', 'people: CHECK ((age > 0)) is new'],
    [
      'a unique index',
      'CREATE UNIQUE INDEX ON notes (person)',
      expect.stringMatching(/^notes: UNIQUE INDEX.* is new$/),
    ],
    [
      'a foreign key',
      'ALTER TABLE notes ADD FOREIGN KEY (person) REFERENCES people',
      'notes: FOREIGN KEY (person) REFERENCES people(id) is new',
    ],
  ])('include %s', async (_, statement, change) => {
    expect(await changesBy(statement)).toEqual([change]);
  });

  it.each([
    ['a new table', 'CREATE TABLE events (id int PRIMARY KEY, at timestamptz NOT NULL)'],
    ['an optional column', 'ALTER TABLE people ADD phone text'],
    ['a required column with a default', 'ALTER TABLE people ADD born date NOT NULL DEFAULT now()'],
    ['a numbered column', 'ALTER TABLE notes ADD id int GENERATED ALWAYS AS IDENTITY'],
    ['an index', 'CREATE INDEX ON people (email)'],
    ['a column that becomes optional', 'ALTER TABLE people ALTER name DROP NOT NULL'],
  ])('do not include %s', async (_, statement) => {
    expect(await changesBy(statement)).toEqual([]);
  });
});
