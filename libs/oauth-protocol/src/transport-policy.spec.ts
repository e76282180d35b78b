import { LOOPBACK_HTTP, transportProblem } from './transport-policy.js';

const PRODUCTION = { isProduction: true, plainHttpOrigins: [] };
const CLUSTER = { ...PRODUCTION, plainHttpOrigins: ['http://backend:3002'] };

describe('a URL to which tokens, codes or cookies are sent', () => {
  it.each(['https://auth.example', 'https://auth.example:8443/tenant', 'https://localhost:3001'])(
    'may be https in production: %s',
    (url) => expect(transportProblem(url, PRODUCTION)).toBeUndefined(),
  );

  it.each([
    'http://auth.example',
    'http://localhost:3001',
    'http://app.localhost',
    'http://127.0.0.1',
    'ws://a.example',
  ])('is refused in production unless it is https: %s (OAuth 2.1 §1.5)', (url) =>
    expect(transportProblem(url, PRODUCTION)).toBe('must be an https URL when NODE_ENV is production'),
  );

  it('may be http in production when its origin is named for a hop inside a cluster', () => {
    expect(transportProblem('http://backend:3002/v1', CLUSTER)).toBeUndefined();
    for (const other of ['http://backend', 'http://backend:3003', 'http://backend.example:3002', 'ws://backend:3002']) {
      expect(transportProblem(other, CLUSTER)).toBeDefined();
    }
  });

  it('may be http on loopback outside of production, and on no other host (RFC 9700 §2.6)', () => {
    expect(transportProblem('http://api.localhost:3002', LOOPBACK_HTTP)).toBeUndefined();
    expect(transportProblem('http://backend:3002', LOOPBACK_HTTP)).toBe('must be an https URL, or http on loopback');
    expect(transportProblem('http://backend:3002', { ...CLUSTER, isProduction: false })).toBeUndefined();
  });
});
