import type { IdTokenHint } from '../../../sessions/id-token-hint-reader.js';
import { checkContext } from '../../../testing/check-context.js';
import { checkExpectedUser } from './check-expected-user.js';

const hint: IdTokenHint = { sub: 'alice', sid: 'session', clientIds: ['frontend'] };

function subjectsOf(idTokenHint?: IdTokenHint, claims?: Parameters<typeof checkExpectedUser>[1]['claims']) {
  const parameters = idTokenHint ? { id_token_hint: 'eyJ' } : {};
  return checkExpectedUser({ ...checkContext(parameters), idTokenHint }, { claims }).subjects;
}

describe('checkExpectedUser', () => {
  it('accepts every user when the request names none', () => {
    expect(subjectsOf()).toBeUndefined();
    expect(subjectsOf(undefined, { id_token: { sub: null } })).toBeUndefined();
  });

  it('returns the user of the id_token_hint (OpenID Connect Core §3.1.2.1)', () => {
    expect(subjectsOf(hint)).toEqual(['alice']);
  });

  it.each(['id_token', 'userinfo'])(
    'returns the users whose sub %s requires (OpenID Connect Core §5.5.1)',
    (member) => {
      expect(subjectsOf(undefined, { [member]: { sub: { values: ['alice', 'bob'] } } })).toEqual(['alice', 'bob']);
    },
  );

  it('returns the users that both name', () => {
    expect(subjectsOf(hint, { id_token: { sub: { values: ['bob', 'alice'] } } })).toEqual(['alice']);
  });

  it('fails when they name different users (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => subjectsOf(hint, { id_token: { sub: { values: ['bob'] } } })).toThrow('login_required');
  });

  it('refuses a hint that is not an ID token of this provider (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => checkExpectedUser(checkContext({ id_token_hint: 'eyJ' }), {})).toThrow('invalid_request');
  });

  it('refuses an ID token of another client (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => subjectsOf({ ...hint, clientIds: ['backend'] })).toThrow('invalid_request');
  });
});
