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
  it('gathers what the checks found', () => {
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

  it('is the same after it has waited as JSON', () => {
    const checked = check({ ...request, nonce: 'n', login_hint: 'alice', max_age: '0', prompt: 'none' });
    expect(JSON.parse(JSON.stringify(checked))).toEqual(checked);
  });

  it('ignores parameters it does not know (RFC 6749 §3.1)', () => {
    expect(() =>
      check({ ...request, anything: 'else', display: 'page', ui_locales: 'de', acr_values: '1' }),
    ).not.toThrow();
  });

  it('tells of a repetition before anything that another reader could see differently (RFC 6749 §3.1)', () => {
    expect(() => check({ ...request, response_type: ['token', 'code'] })).toThrow('response_type must not be repeated');
  });
});
