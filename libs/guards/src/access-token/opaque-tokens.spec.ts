import { IntrospectedRevocations } from '../revocation/introspected-revocations.js';
import { NoRevocations } from '../revocation/revocation-list.js';
import { ISSUER, NOW, RESOURCE, TestIssuer } from '../testing/test-issuer.js';
import { AccessTokenVerifier } from './access-token-verifier.js';

const ACTIVE = {
  active: true,
  token_type: 'Bearer',
  aud: RESOURCE,
  exp: NOW + 60,
  client_id: 'frontend',
  scope: 'a b',
};
const options = { issuer: ISSUER, resource: RESOURCE, dialect: 'opaque', now: () => NOW * 1000 } as const;

const verify = async (members: { active: boolean } & Record<string, unknown>) => {
  const { active } = members;
  const revocations = new IntrospectedRevocations({ introspect: async () => ({ active, members }) });
  return new AccessTokenVerifier(await TestIssuer.create(), revocations, options).verify('opaque');
};

describe('a token that is not a JWT (RFC 7662)', () => {
  it('has the claims that its issuer reports', async () => {
    const { claims, scopes, subject } = await verify({ ...ACTIVE, sub: 'alice', iss: ISSUER });
    expect(claims).toMatchObject({ sub: 'alice', client_id: 'frontend', aud: RESOURCE });
    expect([[...scopes], subject]).toEqual([['a', 'b'], 'user']);
  });

  it('may be for several servers, of which this is one', async () => {
    await expect(verify({ ...ACTIVE, sub: 'alice', aud: [RESOURCE, 'other'] })).resolves.toHaveProperty(
      'subject',
      'user',
    );
  });

  it('is that of a machine when it names no user', async () => {
    const { claims, subject } = await verify(ACTIVE);
    expect([claims.sub, subject]).toEqual(['frontend', 'machine']);
  });

  it.each([
    ['is not active', { active: false }, 'the token is not active'],
    ['is for another server', { ...ACTIVE, aud: 'other' }, 'the token is for another audience'],
    ['names no server', { ...ACTIVE, aud: undefined }, 'the token is for another audience'],
    ['is from another issuer', { ...ACTIVE, iss: 'https://evil.example' }, 'the token is from another issuer'],
    ['has expired', { ...ACTIVE, exp: NOW - 60 }, 'the token has expired'],
    ['is a refresh token', { ...ACTIVE, token_type: undefined }, 'the token is not an access token'],
    ['is bound to a key that is not proven', { ...ACTIVE, sub: 'a', cnf: { jkt: 'k' } }, 'the token is bound to a key'],
  ])('is refused when it %s', async (_, members, reason) => {
    await expect(verify(members)).rejects.toThrow(reason);
  });

  it('cannot be read without introspection', async () => {
    const verifier = new AccessTokenVerifier(await TestIssuer.create(), new NoRevocations(), options);
    await expect(verifier.verify('opaque')).rejects.toThrow('Set the source of revocations to introspection');
  });
});
