import { demoUsers } from '../demo/demo-data.js';
import { claimsOf, claimsOfScopes } from './standard-claims.js';
import type { User } from './user.entity.js';

const [{ password: _, ...alice }] = demoUsers as [(typeof demoUsers)[number]];

const user: User = {
  ...alice,
  emailVerified: true,
  passwordHash: 'secret',
  disabledAt: null,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  updatedAt: new Date('2026-02-03T04:05:06.789Z'),
};

describe('claimsOf', () => {
  it('gives every claim its JSON type (OpenID Connect Core §5.1)', () => {
    expect(claimsOf(user)).toMatchObject({
      sub: alice.id,
      email: 'alice@example.com',
      email_verified: true,
      phone_number_verified: true,
      updated_at: 1770091506,
      address: { locality: 'Berlin' },
      birthdate: '1985-04-12',
    });
  });

  it('contains only claims', () => {
    expect(JSON.stringify(claimsOf(user))).not.toMatch(/secret|administrator|password/);
  });
});

describe('claimsOfScopes', () => {
  const names = (...scopes: string[]) => Object.keys(claimsOfScopes(user, scopes)).sort();

  it('always contains sub (OpenID Connect Core §5.3.2)', () => {
    expect(names()).toEqual(['sub']);
    expect(names('openid', 'account:read', 'offline_access')).toEqual(['sub']);
  });

  it.each([
    ['email', ['email', 'email_verified', 'sub']],
    ['phone', ['phone_number', 'phone_number_verified', 'sub']],
    ['address', ['address', 'sub']],
  ])('gives the claims of the scope %s (OpenID Connect Core §5.4)', (scope, claims) => {
    expect(names('openid', scope)).toEqual(claims);
  });

  it('gives the claims of the scope profile (OpenID Connect Core §5.4)', () => {
    expect(names('openid', 'profile')).toEqual(
      [
        ...['birthdate', 'family_name', 'gender', 'given_name', 'locale', 'middle_name', 'name', 'nickname'],
        ...['picture', 'preferred_username', 'profile', 'sub', 'updated_at', 'website', 'zoneinfo'],
      ].sort(),
    );
  });

  it('leaves out claims that are not known (OpenID Connect Core §5.3.2)', () => {
    expect(claimsOfScopes({ ...user, claims: { name: 'Al' } }, ['profile', 'phone'])).toEqual({
      sub: user.id,
      name: 'Al',
      updated_at: 1770091506,
    });
  });
});
