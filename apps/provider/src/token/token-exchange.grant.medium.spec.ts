import { TOKEN_TYPE } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { SigningKeys } from '@trefoil/token-issuance';
import { type JWTPayload, SignJWT } from 'jose';
import { Grants } from '../grants/grants.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { BACKEND, FRONTEND, givenGrant, MARKETING_SYNC, payloadOf, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

async function givenUserToken(scopes?: string[]): Promise<{ token: string; grantId: string }> {
  const { grant, redemption } = await givenGrant(provider, scopes ? { scopes } : {});
  const { body } = await post(provider, '/token', redemption, FRONTEND);
  return { token: body.access_token, grantId: grant.id };
}

/** Signs an access token with claims that the provider does not issue. */
async function signed(claims: JWTPayload): Promise<string> {
  const { kid, privateKey } = await provider.app.get(SigningKeys).current('ES256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey);
}

const exchange = (subject_token: string, more: Record<string, string> = {}, authorization = BACKEND) =>
  post(
    provider,
    '/token',
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token,
      subject_token_type: TOKEN_TYPE.accessToken,
      resource: `${provider.url}/api`,
      scope: 'account:read',
      ...more,
    },
    authorization,
  );

describe('token exchange', () => {
  it('issues a token of the same user to the backend, with the backend as its actor (RFC 8693 §2.2, §4.1)', async () => {
    const { token, grantId } = await givenUserToken();
    const { status, body } = await exchange(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issued_token_type: TOKEN_TYPE.accessToken,
      token_type: 'Bearer',
      scope: 'account:read',
    });
    expect(body).not.toHaveProperty('refresh_token');
    const before = payloadOf(token);
    const after = payloadOf(body.access_token);
    expect(after).toMatchObject({
      sub: before.sub,
      aud: `${provider.url}/api`,
      client_id: 'backend',
      act: { sub: 'backend' },
      grant_id: grantId,
    });
    expect(Number(after.exp)).toBeLessThanOrEqual(Number(before.exp));
  });

  it('accepts the parameter audience instead of resource (RFC 8693 §2.1)', async () => {
    const { token } = await givenUserToken();
    expect((await exchange(token, { resource: '', audience: `${provider.url}/api` })).status).toBe(200);
    expect((await exchange(token, { audience: 'https://elsewhere.example' })).body.error).toBe('invalid_target');
  });

  it('issues no scope that the user did not allow', async () => {
    const { token } = await givenUserToken(['openid', 'contacts:read']);
    expect((await exchange(token)).body.error).toBe('invalid_scope');
    expect((await exchange(token, { scope: '' })).body.error).toBe('invalid_scope');
  });

  it('issues no scope for which the exchanging client is not registered', async () => {
    const { token } = await givenUserToken(['openid', 'account:read', 'account:write', 'contacts:read']);
    expect((await exchange(token, { scope: 'account:write' })).body.error).toBe('invalid_scope');
    expect((await exchange(token, { scope: '' })).body.scope).toBe('account:read');
  });

  it('refuses a resource server for which the client may not exchange tokens (RFC 8693 §2.2.2)', async () => {
    const { token } = await givenUserToken();
    expect((await exchange(token, { resource: DEMO.backend })).body.error).toBe('invalid_target');
  });

  it('refuses a token whose grant has ended', async () => {
    const { token, grantId } = await givenUserToken();
    await provider.app.get(Grants).revoke(grantId, { type: 'grant-revoked', outcome: 'success' });
    expect((await exchange(token)).body.error).toBe('invalid_request');
  });

  it('refuses a token that was issued for another resource server', async () => {
    const { token } = await givenUserToken();
    const { body } = await exchange(token);
    expect((await exchange(body.access_token)).body.error).toBe('invalid_request');
  });

  it('refuses a chain of more than four actors (RFC 8693 §4.1)', async () => {
    const { token } = await givenUserToken();
    const after = async (...actors: string[]) => {
      const act = actors.reduceRight<object | undefined>((before, sub) => ({ sub, act: before }), undefined);
      return exchange(await signed({ ...payloadOf(token), act }));
    };
    const { body } = await after('c', 'b', 'a');
    expect(payloadOf(body.access_token).act).toEqual({
      sub: 'backend',
      act: { sub: 'c', act: { sub: 'b', act: { sub: 'a' } } },
    });
    expect((await after('d', 'c', 'b', 'a')).body.error).toBe('invalid_request');
  });

  it('refuses a token whose may_act names another client, and accepts one that names this client (RFC 8693 §4.4)', async () => {
    const { token } = await givenUserToken();
    const naming = (sub: string) => signed({ ...payloadOf(token), may_act: { sub } });
    expect((await exchange(await naming('billing'))).body.error).toBe('invalid_request');
    expect((await exchange(await naming('backend'))).status).toBe(200);
  });

  it('refuses a token of a machine client, which has no user', async () => {
    const machine = await post(provider, '/token', { grant_type: 'client_credentials' }, MARKETING_SYNC);
    expect((await exchange(machine.body.access_token)).body.error).toBe('invalid_request');
  });

  it('refuses a client that is not registered for the grant type (RFC 6749 §5.2)', async () => {
    const { token } = await givenUserToken();
    expect((await exchange(token, {}, FRONTEND)).body.error).toBe('unauthorized_client');
  });

  it.each([
    ['a forged subject_token', { subject_token: 'eyJhbGciOiJub25lIn0.e30.' }],
    ['no subject_token', { subject_token: '' }],
    ['another subject_token_type', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }],
    ['no subject_token_type', { subject_token_type: '' }],
    ['another requested_token_type', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
    ['an actor_token', { actor_token: 'x', actor_token_type: TOKEN_TYPE.jwt }],
    ['an actor_token_type without the token', { actor_token_type: TOKEN_TYPE.jwt }],
  ])('refuses %s (RFC 8693 §2.2.2)', async (_what, wrong) => {
    const { token } = await givenUserToken();
    const answer = await exchange(token, wrong);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });
});
