import { isDatabaseUnavailable } from './database-unavailable.js';

const withCode = (code: string, message = 'something') => Object.assign(new Error(message), { code });

it.each([
  ['nobody listens', withCode('ECONNREFUSED')],
  ['the server shuts down', withCode('57P01')],
  ['the server has no connection left', withCode('53300')],
  ['the pool gives up waiting', new Error('timeout exceeded when trying to connect')],
  ['TypeORM wraps it', Object.assign(new Error('query failed'), { driverError: withCode('08006') })],
])('a database is unavailable when %s', (_what, error) => expect(isDatabaseUnavailable(error)).toBe(true));

it.each([
  ['a statement is wrong', withCode('42601')],
  ['a value is taken', withCode('23505')],
  ['another server is down', new Error('the provider is down', { cause: withCode('ECONNREFUSED') })],
  ['it is no error at all', 'ECONNREFUSED'],
])('but not when %s', (_what, error) => expect(isDatabaseUnavailable(error)).toBe(false));
