import type { JWTPayload } from 'jose';
import { checkJwtTimes } from './check-jwt-times.js';
import { ClientJwtError } from './client-jwts.js';

const NOW = 1_000_000;
const check = (claims: JWTPayload) => () => checkJwtTimes(claims, NOW);

describe('the times of a JWT, by clocks that may differ by 30 seconds', () => {
  it('may all be absent', () => expect(check({})).not.toThrow());

  it.each<[string, JWTPayload]>([
    ['expired 29 seconds ago (RFC 7519 §4.1.4)', { exp: NOW - 29 }],
    ['becomes valid in 30 seconds (RFC 7519 §4.1.5)', { nbf: NOW + 30 }],
    ['has an iat 30 seconds in the future (RFC 7519 §4.1.6, FAPI 2.0 §5.3.2.1)', { iat: NOW + 30 }],
    ['was issued long ago', { iat: 0, nbf: 0 }],
    ['has fractions of seconds (RFC 7519 §2)', { iat: NOW - 0.5, nbf: NOW - 0.5, exp: NOW + 0.5 }],
  ])('are accepted when it %s', (_, claims) => expect(check(claims)).not.toThrow());

  it.each<[string, JWTPayload]>([
    ['expired 30 seconds ago (RFC 7519 §4.1.4)', { exp: NOW - 30 }],
    ['becomes valid in 31 seconds (RFC 7519 §4.1.5)', { nbf: NOW + 31 }],
    ['has an iat 31 seconds in the future (RFC 7519 §4.1.6, FAPI 2.0 §5.3.2.1)', { iat: NOW + 31 }],
    ['has an exp that is a string (RFC 7519 §2)', { exp: String(NOW + 60) as unknown as number }],
    ['has an nbf that is null (RFC 7519 §2)', { nbf: null as unknown as number }],
    ['has an iat that is NaN (RFC 7519 §2)', { iat: NaN }],
    ['has an exp that is infinite (RFC 7519 §2)', { exp: Infinity }],
  ])('are refused when it %s', (_, claims) => expect(check(claims)).toThrow(ClientJwtError));
});
