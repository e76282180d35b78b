import type { JWTPayload } from 'jose';
import { checkJwtTimes } from './check-jwt-times.js';
import { ClientJwtError } from './client-jwts.js';

const NOW = 1_000_000;
const check = (claims: JWTPayload) => () => checkJwtTimes(claims, NOW);

describe('the times of a JWT, on clocks that may be 30 seconds apart', () => {
  it('may all be absent', () => expect(check({})).not.toThrow());

  it.each<[string, JWTPayload]>([
    ['expired 29 seconds ago (RFC 7519 §4.1.4)', { exp: NOW - 29 }],
    ['holds in 30 seconds (RFC 7519 §4.1.5)', { nbf: NOW + 30 }],
    ['was issued in 30 seconds (RFC 7519 §4.1.6, FAPI 2.0 §5.3.2.1)', { iat: NOW + 30 }],
    ['was issued long ago', { iat: 0, nbf: 0 }],
    ['says so in fractions (RFC 7519 §2)', { iat: NOW - 0.5, nbf: NOW - 0.5, exp: NOW + 0.5 }],
  ])('are accepted when it %s', (_, claims) => expect(check(claims)).not.toThrow());

  it.each<[string, JWTPayload]>([
    ['expired 30 seconds ago (RFC 7519 §4.1.4)', { exp: NOW - 30 }],
    ['holds in 31 seconds only (RFC 7519 §4.1.5)', { nbf: NOW + 31 }],
    ['was issued in 31 seconds (RFC 7519 §4.1.6, FAPI 2.0 §5.3.2.1)', { iat: NOW + 31 }],
    ['has exp that is a text (RFC 7519 §2)', { exp: String(NOW + 60) as unknown as number }],
    ['has nbf that is null (RFC 7519 §2)', { nbf: null as unknown as number }],
    ['has iat that is no number at all (RFC 7519 §2)', { iat: NaN }],
    ['never expires (RFC 7519 §2)', { exp: Infinity }],
  ])('are refused when it %s', (_, claims) => expect(check(claims)).toThrow(ClientJwtError));
});
