import { fastify } from 'fastify';
import { normalizeForwardedAddresses } from './forwarded-addresses.js';
import { trustedProxies, type TrustedProxies, trustOf } from './trusted-proxies.js';

const parse = (text: string): TrustedProxies => trustedProxies().parse(text);

describe('TRUSTED_PROXIES', () => {
  it.each<[string, TrustedProxies]>([
    ['0', 0],
    ['2', 2],
    ['10.1.2.3', ['10.1.2.3']],
    ['10.0.0.0/8, fd00::/8,loopback', ['10.0.0.0/8', 'fd00::/8', 'loopback']],
  ])('may be %s', (text, proxies) => expect(parse(text)).toEqual(proxies));

  it.each(['-1', '1.5', '99', 'proxy.example', '10.0.0.0/33', '10.0.0.0/8,nothing', ','])('cannot be %s', (text) => {
    expect(() => parse(text)).toThrow('must be');
  });
});

describe('a request through proxies', () => {
  /** Returns the address and scheme that a server sees. */
  async function seenBy(proxies: string, remoteAddress: string, forwarded: string): Promise<string> {
    const server = fastify({ trustProxy: trustOf(parse(proxies)) });
    normalizeForwardedAddresses(server);
    server.get('/', ({ ip, protocol }) => `${protocol} ${ip}`);
    const headers = { 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https' };
    const { body } = await server.inject({ url: '/', remoteAddress, headers });
    await server.close();
    return body;
  }

  it('counts only when it comes from an address that is trusted', async () => {
    expect(await seenBy('10.0.0.0/8', '10.9.9.9', '203.0.113.9')).toBe('https 203.0.113.9');
    expect(await seenBy('10.0.0.0/8', '192.0.2.1', '203.0.113.9')).toBe('http 192.0.2.1');
    expect(await seenBy('0', '10.9.9.9', '203.0.113.9')).toBe('http 10.9.9.9');
  });

  it('has the address that the last trusted proxy reports, not one that its sender invents', async () => {
    expect(await seenBy('10.0.0.0/8', '10.9.9.9', '198.51.100.66, 203.0.113.9, 10.1.1.1')).toBe('https 203.0.113.9');
    expect(await seenBy('1', '10.9.9.9', '198.51.100.66, 203.0.113.9')).toBe('https 203.0.113.9');
  });
});
