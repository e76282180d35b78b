import { revocationOf } from './security-event.js';

const receiver = { issuer: 'https://auth.example', resource: 'https://api.example' };
const subject = { format: 'jwt_id', iss: receiver.issuer, jti: 'token' };

describe('the revocation of a token', () => {
  it('ends when the token expires', () => {
    const event = { token_audience: [receiver.resource], token_expires_at: 1000 };
    expect(revocationOf(subject, event, receiver)).toEqual({
      revocation: { kind: 'token', id: 'token' },
      expiresAt: 1000,
    });
  });

  it('is ignored when neither the token nor one exchanged for it is for this server (RFC 8707 §2)', () => {
    const foreign = { token_audience: ['https://other.example'], token_expires_at: 1000 };
    expect(revocationOf(subject, foreign, receiver)).toBeUndefined();
    const several = { token_audience: ['https://other.example', receiver.resource] };
    expect(revocationOf(subject, several, receiver)).toBeDefined();
  });

  it.each<[string, object]>([
    ['lacks both members', {}],
    ['has malformed members', { token_audience: 'any', token_expires_at: 'soon' }],
    ['has a time that is not finite', { token_expires_at: Infinity }],
  ])('is for every server and every time when the event %s', (_, event) => {
    expect(revocationOf(subject, event, receiver)).toEqual({ revocation: { kind: 'token', id: 'token' } });
  });
});
