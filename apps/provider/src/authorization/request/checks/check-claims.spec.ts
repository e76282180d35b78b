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

  it('keeps the claims that are asked for, voluntary and essential ones (OpenID Connect Core §5.5)', () => {
    const claims = {
      userinfo: { email: null, given_name: { essential: true } },
      id_token: { auth_time: { essential: true }, sub: { value: 'alice' } },
    };
    expect(check(claims)).toEqual({
      claims: { ...claims, id_token: { ...claims.id_token, sub: { values: ['alice'] } } },
    });
  });

  it('ignores what it does not know: claims, members, languages (OpenID Connect Core §5.5, §5.5.1)', () => {
    const claims = { userinfo: { 'name#de': null, shoe_size: { essential: true } }, verified_claims: 7 };
    expect(check(claims)).toEqual({ claims: { userinfo: {} } });
  });

  it.each([
    ['no JSON', '{'],
    ['a text', '"email"'],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['a member that is no object', { userinfo: ['email'] }],
    ['a claim that is no object', { id_token: { email: true } }],
    ['essential that is no boolean', { id_token: { email: { essential: 'yes' } } }],
    ['values that are no list', { id_token: { acr: { values: 'urn:a' } } }],
    ['a NUL in a value', { id_token: { sub: { value: 'a\0b' } } }],
    ['half a character in a value', '{"id_token":{"sub":{"value":"\\ud800"}}}'],
  ])('refuses %s (OpenID Connect Core §5.5)', (_, claims) => {
    expect(() => check(claims)).toThrow('invalid_request');
  });

  it('demands an essential class of those that can be reached (OpenID Connect Core §5.5.1.1)', () => {
    expect(check(acr({ essential: true, values: ['urn:hardware', PASSWORD_ACR] })).classes).toEqual([PASSWORD_ACR]);
    expect(check(acr({ essential: true, value: PASSWORD_ACR })).classes).toEqual([PASSWORD_ACR]);
  });

  it('fails when an essential class cannot be reached (OpenID Connect Core §5.5.1.1)', () => {
    expect(() => check(acr({ essential: true, value: 'urn:hardware' }))).toThrow('unmet_authentication_requirements');
  });

  it.each([{ values: ['urn:hardware'] }, { essential: true }, { essential: false, value: 'urn:hardware' }])(
    'takes %j for a wish (OpenID Connect Core §5.5.1.1)',
    (request) => {
      expect(check(acr(request))).not.toHaveProperty('classes');
    },
  );
});
