import { sameHttpUri } from './http-uri.js';

describe('the comparison of HTTP URIs without query and fragment (RFC 9449 §4.3, RFC 3986 §6.2)', () => {
  it.each([
    ['https://server.example/token', 'https://server.example/token'],
    ['https://server.example/token?a=b#c', 'https://server.example/token'],
    ['HTTPS://Server.Example:443/token', 'https://server.example/token'],
    ['http://localhost:80/token', 'http://localhost/token'],
    ['https://server.example', 'https://server.example/'],
    ['https://server.example/a/../token', 'https://server.example/token'],
    ['https://server.example/%7euser/%c3%a9', 'https://server.example/~user/%C3%A9'],
  ])('treats %s and %s as equal', (a, b) => expect(sameHttpUri(a, b)).toBe(true));

  it.each([
    ['http://server.example/token', 'https://server.example/token'],
    ['https://server.example/token/', 'https://server.example/token'],
    ['https://server.example/Token', 'https://server.example/token'],
    ['https://other.example/token', 'https://server.example/token'],
    ['https://server.example:8443/token', 'https://server.example/token'],
    ['https://user@server.example/token', 'https://server.example/token'],
    ['https://server.example/a%2Fb', 'https://server.example/a/b'],
    ['/token', 'https://server.example/token'],
    ['', 'https://server.example/token'],
    ['mailto:me@server.example', 'mailto:me@server.example'],
  ])('treats %s and %s as different', (a, b) => expect(sameHttpUri(a, b)).toBe(false));
});
