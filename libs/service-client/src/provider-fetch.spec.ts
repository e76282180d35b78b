import { internalAddress } from './provider-fetch.js';

describe('the internal address of a URL of the provider', () => {
  it.each([
    ['https://id.example.com', 'http://provider:3001', 'https://id.example.com/token', 'http://provider:3001/token'],
    [
      'https://id.example.com/',
      'http://provider:3001',
      'https://id.example.com/jwks?v=2',
      'http://provider:3001/jwks?v=2',
    ],
    ['https://id.example.com:8443', 'https://provider', 'https://id.example.com:8443/', 'https://provider/'],
    [
      'https://a.example/realms/x',
      'http://kc:8080/realms/x',
      'https://a.example/realms/x/t',
      'http://kc:8080/realms/x/t',
    ],
    ['https://a.example/auth/', 'http://p', 'https://a.example/auth/token', 'http://p/token'],
    ['https://a.example/auth', 'http://p', 'https://a.example/authorize', 'http://p/authorize'],
  ])('of issuer %s at %s: %s is %s', (issuer, internalUrl, url, expected) => {
    expect(internalAddress(new URL(url), issuer, internalUrl).href).toBe(expected);
  });

  it('has the path of the internal URL after the well-known part (RFC 8414 §3.1)', () => {
    const url = new URL('https://a.example/.well-known/oauth-authorization-server/auth');
    expect(internalAddress(url, 'https://a.example/auth/', 'http://p/inside').href).toBe(
      'http://p/.well-known/oauth-authorization-server/inside',
    );
  });

  it('is the URL itself at every other origin', () => {
    const url = new URL('https://keys.example.com/token');
    expect(internalAddress(url, 'https://id.example.com', 'http://provider').href).toBe(url.href);
  });
});
