import { type ClientServer, sendJson, startClientServer } from '../testing/client-server.js';
import { OutboundFetcher } from './outbound-fetcher.js';

let server: ClientServer;
let fetcher: OutboundFetcher;

beforeAll(async () => {
  server = await startClientServer((request, response) => {
    if (request.url === '/json') return sendJson(response, { good: true }, { 'cache-control': 'max-age=120' });
    if (request.url === '/redirect') return response.writeHead(302, { location: '/json' }).end();
    if (request.url === '/huge') return response.end('x'.repeat(64 * 1024 + 1));
    if (request.url === '/text') return response.end('no json');
    if (request.url === '/deep') return response.end('['.repeat(21) + ']'.repeat(21));
    if (request.url === '/bytes') return response.end(Buffer.from([0x22, 0xff, 0x22]));
    if (request.url === '/slow') return undefined;
    return response.writeHead(204).end();
  });
  fetcher = new OutboundFetcher({ OUTBOUND_ALLOWED_ORIGINS: [server.origin] });
});
afterAll(() => server.stop());

describe('a request to an address of a client', () => {
  it('returns the JSON, and how long it may be cached', async () => {
    expect(await fetcher.getJson(`${server.origin}/json`)).toEqual({ json: { good: true }, maxAge: 120 });
  });

  it('posts a form and returns the status', async () => {
    expect(await fetcher.postForm(`${server.origin}/logout`, { logout_token: 'a b&c' })).toBe(204);
    expect(server.requests.at(-1)).toMatchObject({
      method: 'POST',
      body: 'logout_token=a+b%26c',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  it.each([
    ['a redirect', '/redirect', '302'],
    ['more than 64 KiB', '/huge', '64 KiB'],
    ['a body that is not JSON', '/text', 'not valid JSON'],
    ['a body that is not UTF-8', '/bytes', 'not valid JSON'],
    ['JSON nested deeper than 20 levels', '/deep', '20 levels'],
    ['a status other than 200', '/missing', '204'],
  ])('refuses %s', async (_, path, reason) => {
    await expect(fetcher.getJson(server.origin + path)).rejects.toThrow(reason);
  });

  it('waits no longer than three seconds', async () => {
    const startedAt = Date.now();
    await expect(fetcher.getJson(`${server.origin}/slow`)).rejects.toThrow('in time');
    expect(Date.now() - startedAt).toBeLessThan(4500);
  });

  it.each([
    ['is not a URL', 'jwks'],
    ['is http', 'http://client.example/jwks'],
    ['is http on an allowed host with another port', 'http://127.0.0.1:1/jwks'],
    ['is a file', 'file:///etc/passwd'],
    ['contains credentials', 'https://user:secret@client.example/jwks'],
    ['is loopback', 'https://127.0.0.1/jwks'],
    ['is loopback in hexadecimal', 'https://0x7f.1/jwks'],
    ['is loopback by name', 'https://localhost/jwks'],
    ['is IPv6 loopback', 'https://[::1]/jwks'],
    ['is IPv4-mapped', 'https://[::ffff:127.0.0.1]/jwks'],
    ['is private', 'https://10.0.0.1/jwks'],
    ['is the metadata service of a cloud', 'https://169.254.169.254/latest/meta-data'],
  ])('is not sent when the address %s (RFC 9700 §4.12)', async (_, url) => {
    const before = server.requests.length;
    await expect(fetcher.getJson(url)).rejects.toMatchObject({ name: 'OutboundError' });
    expect(server.requests).toHaveLength(before);
  });
});

describe('an address that a client registers', () => {
  it.each([
    'https://127.0.0.1/jwks',
    'https://0x7f.1/jwks',
    'https://10.0.0.1/jwks',
    'https://192.168.1.1:8443/jwks',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/jwks',
    'https://[::1]/jwks',
    'https://[fe80::1]/jwks',
    'https://[fd00::1]/jwks',
    'https://[::ffff:127.0.0.1]/jwks',
    'https://localhost/jwks',
    'https://jwks.localhost/jwks',
  ])('is refused with the reason when it is %s, which is not public (RFC 9700 §4.12)', (url) => {
    expect(() => fetcher.checkUrl(url)).toThrow('the address is not on the public internet');
  });

  it.each(['https://client.example/jwks', 'https://8.8.8.8/jwks', 'https://[2606:4700::1111]/jwks'])(
    'is accepted when it is %s',
    (url) => expect(() => fetcher.checkUrl(url)).not.toThrow(),
  );

  it('is accepted when its origin is in OUTBOUND_ALLOWED_ORIGINS', () => {
    expect(() => fetcher.checkUrl(`${server.origin}/jwks`)).not.toThrow();
  });
});
