import type { RevocationList } from '../revocation/revocation-list.js';
import { NoRevocations } from '../revocation/revocation-list.js';
import { ISSUER, NOW, RESOURCE, TestIssuer } from '../testing/test-issuer.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { InvalidTokenError } from './verified-access-token.js';

let issuer: TestIssuer;
let now: number;

beforeEach(async () => {
  issuer = await TestIssuer.create();
  now = NOW;
});

const verifierOf = (keys: Pick<TestIssuer, 'find'>, isRevoked: RevocationList['isRevoked'] = async () => false) =>
  new AccessTokenVerifier(keys, Object.assign(new NoRevocations(), { isRevoked }), {
    issuer: ISSUER,
    resource: RESOURCE,
    now: () => now * 1000,
  });

describe('a token that was accepted before', () => {
  it('is refused once it has been revoked (RFC 7009 §2)', async () => {
    let isRevoked = false;
    const verifier = verifierOf(issuer, async () => isRevoked);
    const token = await issuer.userToken();
    await verifier.verify(token);
    isRevoked = true;
    await expect(verifier.verify(token)).rejects.toThrow('the token has been revoked');
  });

  it('is refused once it has expired (RFC 9068 §4)', async () => {
    const verifier = verifierOf(issuer);
    const token = await issuer.userToken({ exp: NOW + 60 });
    await verifier.verify(token);
    now = NOW + 600;
    await expect(verifier.verify(token)).rejects.toThrow('the token has expired');
  });

  it('is refused once its key is no longer published', async () => {
    let isPublished = true;
    const verifier = verifierOf({ find: async (kid, alg) => (isPublished ? issuer.find(kid, alg) : undefined) });
    const token = await issuer.userToken();
    await verifier.verify(token);
    isPublished = false;
    await expect(verifier.verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is refused without the DPoP proof of its key (RFC 9449 §7.1)', async () => {
    const verifier = verifierOf(issuer);
    const token = await issuer.userToken({ cnf: { jkt: 'thumbprint' } });
    await verifier.verify(token, { jkt: 'thumbprint' });
    await expect(verifier.verify(token)).rejects.toThrow(InvalidTokenError);
    await expect(verifier.verify(token, { jkt: 'another' })).rejects.toThrow(InvalidTokenError);
  });

  it('does not make another signature valid', async () => {
    const verifier = verifierOf(issuer);
    const token = await issuer.userToken();
    await verifier.verify(token);
    const [header, payload] = token.split('.');
    const [, , otherSignature] = (await issuer.userToken({ jti: 'another' })).split('.');
    await expect(verifier.verify(`${header}.${payload}.${otherSignature}`)).rejects.toThrow(
      'the signature of the token does not match',
    );
  });
});
