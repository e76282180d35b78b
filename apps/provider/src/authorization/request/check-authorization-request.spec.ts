import { checkContext, ISSUER } from '../../testing/check-context.js';
import { checkAuthorizationRequest } from './check-authorization-request.js';

const address = {
  clientId: 'frontend',
  redirectUri: 'http://localhost:3000/callback',
  responseMode: 'query',
  state: 'the-state',
} as const;
const request = {
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};
const check = (parameters: Record<string, unknown>) => checkAuthorizationRequest(checkContext(parameters), address);

describe('checkAuthorizationRequest', () => {
  it('returns the results of all checks', () => {
    const parameters = { ...request, nonce: 'n', login_hint: 'alice', max_age: '60', prompt: 'login' };
    expect(check(parameters)).toEqual({
      ...address,
      codeChallenge: request.code_challenge,
      scopes: ['openid'],
      resources: [`${ISSUER}/api`],
      prompt: ['login'],
      maxAge: 60,
      nonce: 'n',
      loginHint: 'alice',
    });
  });

  it('returns a request that JSON keeps unchanged', () => {
    const checked = check({ ...request, nonce: 'n', login_hint: 'alice', max_age: '0', prompt: 'none' });
    expect(JSON.parse(JSON.stringify(checked))).toEqual(checked);
  });

  it('ignores unknown parameters (RFC 6749 §3.1)', () => {
    expect(() =>
      check({ ...request, anything: 'else', display: 'page', ui_locales: 'de', acr_values: '1' }),
    ).not.toThrow();
  });

  it('refuses a repeated parameter before it checks any value (RFC 6749 §3.1)', () => {
    expect(() => check({ ...request, response_type: ['token', 'code'] })).toThrow('response_type must not be repeated');
  });
});
