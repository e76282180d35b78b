import { NoRevocations } from '../revocation/revocation-list.js';
import { ISSUER, NOW, RESOURCE, TestIssuer } from '../testing/test-issuer.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import type { TokenDialect } from './token-dialect.js';

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await TestIssuer.create();
});

const verify = async (dialect: TokenDialect | undefined, claims: object, typ: string | undefined = 'JWT') => {
  const options = { issuer: ISSUER, resource: RESOURCE, now: () => NOW * 1000, ...(dialect && { dialect }) };
  const verifier = new AccessTokenVerifier(issuer, new NoRevocations(), options);
  return verifier.verify(await issuer.sign({ ...TIMES, ...claims }, { typ }));
};

const TIMES = { iss: ISSUER, aud: [RESOURCE, 'account'], iat: NOW - 60, exp: NOW + 540 };

/** Tokens in the forms of other providers. */
const TOKENS: [TokenDialect, 'user' | 'machine', object, object][] = [
  [
    'openid',
    'user',
    { sub: 'u1', client_id: 'frontend', jti: 'j', scope: 'contacts:read' },
    { sub: 'u1', client_id: 'frontend', jti: 'j', scopes: ['contacts:read'] },
  ],
  ['openid', 'machine', { sub: 'sync', azp: 'sync', scope: 'a' }, { sub: 'sync', client_id: 'sync', scopes: ['a'] }],
  [
    'keycloak',
    'user',
    { typ: 'Bearer', sub: 'u1', azp: 'frontend', sid: 's', scope: 'openid a', realm_access: { roles: ['editor'] } },
    { sub: 'u1', client_id: 'frontend', scopes: ['openid', 'a'], roles: ['editor'] },
  ],
  [
    'keycloak',
    'machine',
    {
      typ: 'Bearer',
      sub: 'u2',
      azp: 'Sync',
      client_id: 'Sync',
      preferred_username: 'service-account-sync',
      scope: 'a',
    },
    { sub: 'u2', client_id: 'Sync', scopes: ['a'] },
  ],
  [
    'entra',
    'user',
    { sub: 'pairwise', oid: 'u1', azp: 'frontend', uti: 'j', scp: 'a b', roles: ['editor'] },
    { sub: 'u1', client_id: 'frontend', jti: 'j', scopes: ['a', 'b'], roles: ['editor'] },
  ],
  [
    'entra',
    'machine',
    { sub: 'o2', oid: 'o2', azp: 'sync', roles: ['contacts:export'] },
    { sub: 'o2', scopes: ['contacts:export'], roles: ['contacts:export'] },
  ],
  [
    'auth0',
    'user',
    { sub: 'auth0|u1', azp: 'frontend', scope: 'a', permissions: ['p'] },
    { sub: 'auth0|u1', client_id: 'frontend', scopes: ['a'], roles: ['p'] },
  ],
  [
    'auth0',
    'machine',
    { sub: 'sync@clients', azp: 'sync', gty: 'client-credentials', scope: 'a' },
    { sub: 'sync@clients', client_id: 'sync', scopes: ['a'] },
  ],
  ['okta', 'user', { sub: 'u@x', uid: 'u1', cid: 'frontend', scp: ['a', 'b'] }, { sub: 'u@x', scopes: ['a', 'b'] }],
  ['okta', 'machine', { sub: 'sync', cid: 'sync', scp: ['a'] }, { client_id: 'sync', scopes: ['a'] }],
];

describe('the dialect of another provider', () => {
  it.each(TOKENS)('%j reads the token of a %s', async (dialect, subject, token, expected) => {
    const { claims, scopes, roles, ...verified } = await verify(dialect, token);
    expect(verified.subject).toBe(subject);
    expect({ ...claims, scopes: [...scopes], roles: [...roles] }).toMatchObject(expected);
    expect(claims.jti).not.toBe('');
  });

  it.each(TOKENS)('is not read by the default, which is strict (RFC 9068 §4): %j, %s', async (_, __, token) => {
    await expect(verify(undefined, token)).rejects.toThrow('the token is not an access token (typ)');
    await expect(verify(undefined, token, 'at+jwt')).rejects.toThrow('the token is for another audience');
  });

  it('accepts no token for other servers only', async () => {
    await expect(verify('openid', { sub: 'u1', azp: 'a', aud: ['account'] })).rejects.toThrow('another audience');
  });

  it.each([{ nonce: 'n' }, { at_hash: 'h' }, { events: {} }])(
    'accepts no ID token and no logout token, whose header may be the same: %j (RFC 8725 §3.11)',
    async (claims) => {
      await expect(verify('openid', { sub: 'u1', azp: 'a', ...claims })).rejects.toThrow('not an access token');
    },
  );

  it.each(['ID', 'Refresh', undefined])('accepts no token of Keycloak of the type %s', async (typ) => {
    await expect(verify('keycloak', { typ, sub: 'u1', azp: 'a', sid: 's' })).rejects.toThrow('not an access token');
  });

  it('takes no user of Keycloak for the service account whose name they chose', async () => {
    const claims = { typ: 'Bearer', sub: 'u1', azp: 'sync', sid: 's', preferred_username: 'service-account-sync' };
    expect((await verify('keycloak', claims)).subject).toBe('user');
  });

  it('takes no exchanged token without a session for that of a user (RFC 8693 §4.1)', async () => {
    const claims = { sub: 'sync', azp: 'frontend', act: { sub: 'frontend' } };
    expect((await verify('openid', claims)).subject).toBeUndefined();
  });

  it.each(['secevent+jwt', 'logout+jwt', 'dpop+jwt'])('accepts no JWT of the type %s', async (typ) => {
    await expect(verify('openid', { sub: 'u1', azp: 'a' }, typ)).rejects.toThrow('(typ)');
  });
});

describe('claims of other names', () => {
  const dialect: TokenDialect = {
    name: 'openid',
    subject: 'email',
    scope: 'https://example.com/scopes',
    roles: 'resource_access.backend.roles',
    machine: { claim: 'kind', value: 'service' },
  };
  const claims = {
    sub: 'u1',
    azp: 'a',
    email: 'ada@example.com',
    'https://example.com/scopes': ['a', 'b'],
    resource_access: { backend: { roles: ['editor'] } },
  };

  it('are read where the settings say so', async () => {
    const verified = await verify(dialect, claims);
    expect(verified.claims.sub).toBe('ada@example.com');
    expect([[...verified.scopes], [...verified.roles], verified.subject]).toEqual([['a', 'b'], ['editor'], 'user']);
  });

  it('recognise machines, whose `sub` need not be the client', async () => {
    expect((await verify(dialect, { ...claims, kind: 'service' })).subject).toBe('machine');
    expect((await verify(dialect, { ...claims, sub: 'a' })).subject).toBeUndefined();
  });

  it('may be read by a function', async () => {
    const verifier = new AccessTokenVerifier(issuer, new NoRevocations(), {
      issuer: ISSUER,
      resource: RESOURCE,
      now: () => NOW * 1000,
      dialect: 'openid',
      mapClaims: ({ groups }) => ({ sub: 'mapped', scopes: ['contacts:read'], roles: groups as string[] }),
    });
    const token = await issuer.sign({ ...TIMES, ...claims, groups: ['g'] }, { typ: 'JWT' });
    const { claims: read, scopes, roles } = await verifier.verify(token);
    expect([read.sub, [...scopes], [...roles]]).toEqual(['mapped', ['contacts:read'], ['g']]);
  });
});
