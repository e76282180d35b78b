import { PASSWORD_ACR } from '../../../sessions/authentication-context.js';
import { checkContext } from '../../../testing/check-context.js';
import { checkClaims } from './check-claims.js';

const check = (claims: unknown) =>
  checkClaims(checkContext({ claims: typeof claims === 'string' ? claims : JSON.stringify(claims) }));

const acr = (request: object) => ({ id_token: { acr: request } });

describe('checkClaims', () => {
  it('may be absent', () => {
    expect(checkClaims(checkContext({}))).toEqual({});
  });

  it('returns the requested claims, voluntary and essential ones (OpenID Connect Core §5.5)', () => {
    const claims = {
      userinfo: { email: null, given_name: { essential: true } },
      id_token: { auth_time: { essential: true }, sub: { value: 'alice' } },
    };
    expect(check(claims)).toEqual({
      claims: { ...claims, id_token: { ...claims.id_token, sub: { values: ['alice'] } } },
    });
  });

  it('ignores unknown claims, unknown members and claims in other languages (OpenID Connect Core §5.5, §5.5.1)', () => {
    const claims = { userinfo: { 'name#de': null, shoe_size: { essential: true } }, verified_claims: 7 };
    expect(check(claims)).toEqual({ claims: { userinfo: {} } });
  });

  it.each(['userinfo', 'id_token'])('ignores %s if it is null (OpenID Connect Core §5.5)', (member) => {
    expect(check({ [member]: null })).toEqual({ claims: {} });
  });

  it.each([
    ['a value that is not JSON', '{'],
    ['a string', '"email"'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a member that is not an object', { userinfo: ['email'] }],
    ['a claim that is not an object', { id_token: { email: true } }],
    ['essential that is not a boolean', { id_token: { email: { essential: 'yes' } } }],
    ['values that are not an array', { id_token: { acr: { values: 'urn:a' } } }],
    ['a NUL in a value', { id_token: { sub: { value: 'a\0b' } } }],
    ['an unpaired surrogate in a value', '{"id_token":{"sub":{"value":"\\ud800"}}}'],
  ])('refuses %s (OpenID Connect Core §5.5)', (_, claims) => {
    expect(() => check(claims)).toThrow('invalid_request');
  });

  it('returns the supported ones of the essential classes (OpenID Connect Core §5.5.1.1)', () => {
    expect(check(acr({ essential: true, values: ['urn:hardware', PASSWORD_ACR] })).classes).toEqual([PASSWORD_ACR]);
    expect(check(acr({ essential: true, value: PASSWORD_ACR })).classes).toEqual([PASSWORD_ACR]);
  });

  it('fails when no essential class is supported (OpenID Connect Core §5.5.1.1)', () => {
    expect(() => check(acr({ essential: true, value: 'urn:hardware' }))).toThrow('unmet_authentication_requirements');
  });

  it.each([{ values: ['urn:hardware'] }, { essential: true }, { essential: false, value: 'urn:hardware' }])(
    'treats %j as voluntary (OpenID Connect Core §5.5.1.1)',
    (request) => {
      expect(check(acr(request))).not.toHaveProperty('classes');
    },
  );
});
