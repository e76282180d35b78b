import { bearerChallenge } from './challenge.js';

describe('a Bearer challenge (RFC 6750 §3)', () => {
  it('is only the scheme name when it has no parameters', () => expect(bearerChallenge({})).toBe('Bearer'));

  it('escapes quotes and removes control characters in its parameters', () =>
    expect(bearerChallenge({ error: 'invalid_token', realm: 'a "quoted"\r\nX: y\\' })).toBe(
      'Bearer error="invalid_token", realm="a \\"quoted\\"X: y\\\\"',
    ));
});
