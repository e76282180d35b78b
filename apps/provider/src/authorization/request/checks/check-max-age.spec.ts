import { checkContext } from '../../../testing/check-context.js';
import { checkMaxAge } from './check-max-age.js';

describe('checkMaxAge', () => {
  it.each([
    ['0', 0],
    ['3600', 3600],
  ])('reads %s', (max_age, maxAge) => {
    expect(checkMaxAge(checkContext({ max_age }))).toEqual({ maxAge });
  });

  it('returns the default of the client when the request has none (OpenID Connect Registration §2)', () => {
    expect(checkMaxAge(checkContext({}, { defaultMaxAge: 60 }))).toEqual({ maxAge: 60 });
    expect(checkMaxAge(checkContext({ max_age: '0' }, { defaultMaxAge: 60 }))).toEqual({ maxAge: 0 });
  });

  it('may be absent', () => {
    expect(checkMaxAge(checkContext({}))).toEqual({});
  });

  it.each(['-1', '1.5', '1e3', 'soon', '99999999999', ' 1'])(
    'refuses %j, which is no number of seconds (OpenID Connect Core §3.1.2.1)',
    (max_age) => {
      expect(() => checkMaxAge(checkContext({ max_age }))).toThrow('invalid_request');
    },
  );
});
