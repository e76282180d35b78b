import type { IdTokenHint } from '../../../sessions/id-token-hint-reader.js';
import { checkContext } from '../../../testing/check-context.js';
import { checkExpectedPerson } from './check-expected-person.js';

const hint: IdTokenHint = { sub: 'alice', sid: 'session', clientIds: ['frontend'] };

function subjectsOf(idTokenHint?: IdTokenHint, claims?: Parameters<typeof checkExpectedPerson>[1]['claims']) {
  const parameters = idTokenHint ? { id_token_hint: 'eyJ' } : {};
  return checkExpectedPerson({ ...checkContext(parameters), idTokenHint }, { claims }).subjects;
}

describe('checkExpectedPerson', () => {
  it('is anybody when the request does not say', () => {
    expect(subjectsOf()).toBeUndefined();
    expect(subjectsOf(undefined, { id_token: { sub: null } })).toBeUndefined();
  });

  it('is the person of the ID token that comes as a hint (OpenID Connect Core §3.1.2.1)', () => {
    expect(subjectsOf(hint)).toEqual(['alice']);
  });

  it.each(['id_token', 'userinfo'])('is the person whose sub %s demands (OpenID Connect Core §5.5.1)', (member) => {
    expect(subjectsOf(undefined, { [member]: { sub: { values: ['alice', 'bob'] } } })).toEqual(['alice', 'bob']);
  });

  it('is the person that both name', () => {
    expect(subjectsOf(hint, { id_token: { sub: { values: ['bob', 'alice'] } } })).toEqual(['alice']);
  });

  it('is nobody when they name different people (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => subjectsOf(hint, { id_token: { sub: { values: ['bob'] } } })).toThrow('login_required');
  });

  it('refuses a hint that is no ID token of ours (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => checkExpectedPerson(checkContext({ id_token_hint: 'eyJ' }), {})).toThrow('invalid_request');
  });

  it('refuses an ID token of another client (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => subjectsOf({ ...hint, clientIds: ['backend'] })).toThrow('invalid_request');
  });
});
