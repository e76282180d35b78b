import { bearerChallenge } from './challenge.js';
import { invalidClient, invalidGrant } from './oauth-error.js';

it('tells its code and description, and keeps its cause to the log (RFC 6749 §5.2)', () => {
  const error = invalidGrant('the code has expired', { cause: new Error('row 7 of grants') });
  expect(error.status).toBe(400);
  expect(error.toBody()).toEqual({ error: 'invalid_grant', error_description: 'the code has expired' });
});

it('answers a failed client authentication with 401 and the scheme (RFC 6749 §5.2)', () => {
  const { status, headers } = invalidClient('client authentication failed');
  expect(status).toBe(401);
  expect(headers['WWW-Authenticate']).toMatch(/^Basic realm=/);
});

describe('a challenge (RFC 6750 §3)', () => {
  it('is the bare scheme when no token was sent', () => expect(bearerChallenge({})).toBe('Bearer'));

  it('cannot be broken out of by what it quotes', () =>
    expect(bearerChallenge({ error: 'invalid_token', error_description: 'a "quoted"\r\nX: y\\' })).toBe(
      'Bearer error="invalid_token", error_description="a \\"quoted\\"X: y\\\\"',
    ));
});
