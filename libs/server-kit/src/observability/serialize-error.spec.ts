import { QueryFailedError } from 'typeorm';
import { serializeError } from './serialize-error.js';

const SECRET = 'alice@example.com';

const databaseError = Object.assign(new Error(`duplicate key value: Key (email)=(${SECRET}) already exists`), {
  code: '23505',
  constraint: 'users_email_key',
  table: 'users',
  detail: `Key (email)=(${SECRET}) already exists.`,
});

describe('a logged error', () => {
  it('names an SQL error by its code and constraint, without statement, parameters and values', () => {
    const failure = new QueryFailedError(`INSERT INTO users VALUES ('${SECRET}')`, [SECRET], databaseError);
    const logged = serializeError(failure);
    expect(logged).toMatchObject({
      type: 'QueryFailedError',
      code: '23505',
      constraint: 'users_email_key',
      table: 'users',
    });
    expect(JSON.stringify(logged)).not.toContain(SECRET);
    expect(logged.stack).toMatch(/^\s+at /);
  });

  it('leaves out the text that could not be parsed as JSON', () => {
    let caught: unknown;
    try {
      JSON.parse(SECRET);
    } catch (error) {
      caught = error;
    }
    expect(JSON.stringify(serializeError(caught))).not.toContain(SECRET);
  });

  it('follows causes, and copies no other member', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', password: SECRET });
    const logged = serializeError(Object.assign(new Error('outer', { cause }), { token: SECRET }));
    expect(logged).toMatchObject({
      message: 'outer',
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
    });
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  });

  it('ends with causes that lead in a circle', () => {
    const first = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;
    expect(JSON.stringify(serializeError(first)).length).toBeLessThan(20_000);
  });

  it('says only the type of what is no error', () => {
    expect(serializeError(SECRET)).toEqual({
      type: 'string',
      message: 'a value was thrown that is not an Error',
      stack: '',
    });
  });
});
