import { isDatabaseUnavailable } from './database-unavailable.js';

const withCode = (code: string, message = 'something') => Object.assign(new Error(message), { code });

it.each([
  ['no server listens', withCode('ECONNREFUSED')],
  ['the server shuts down', withCode('57P01')],
  ['the server has too many connections', withCode('53300')],
  ['no connection can be opened in time', new Error('timeout exceeded when trying to connect')],
  ['a single client cannot connect in time', new Error('timeout expired')],
  ['TypeORM wraps such an error', Object.assign(new Error('query failed'), { driverError: withCode('08006') })],
])('says that the database is unavailable when %s', (_what, error) => expect(isDatabaseUnavailable(error)).toBe(true));

it.each([
  ['a statement is wrong', withCode('42601')],
  ['a value violates a unique constraint', withCode('23505')],
  ['another server is down', new Error('the provider is down', { cause: withCode('ECONNREFUSED') })],
  ['the value is not an error', 'ECONNREFUSED'],
])('does not say that the database is unavailable when %s', (_what, error) =>
  expect(isDatabaseUnavailable(error)).toBe(false),
);
