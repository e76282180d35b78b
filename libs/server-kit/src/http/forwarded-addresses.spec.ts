import { fastify } from 'fastify';
import { forwardedAddress, normalizeForwardedAddresses } from './forwarded-addresses.js';

describe('an entry of X-Forwarded-For', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:50000', '203.0.113.9'],
    ['2001:DB8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:50000', '2001:db8::7'],
    ['"[2001:db8::7]:50000"', '2001:db8::7'],
    [' fe80::1%eth0 ', 'fe80::1'],
    ['::ffff:203.0.113.9', '::ffff:203.0.113.9'],
    ['unknown', 'unknown'],
    ['_hidden', 'unknown'],
    ['', 'unknown'],
    ['203.0.113.9:50000:1', 'unknown'],
  ])('%s is the address %s (RFC 7239 §6)', (entry, address) => expect(forwardedAddress(entry)).toBe(address));
});

describe('request.ip', () => {
  const server = fastify({ trustProxy: (_address, hop) => hop < 1 });
  normalizeForwardedAddresses(server);
  server.get('/', (request) => request.ip);
  afterAll(() => server.close());

  it.each(['203.0.113.9:50000', '203.0.113.9:50001', '198.51.100.1, 203.0.113.9:50002', '"203.0.113.9"'])(
    'is the same address for every connection of a sender: %s',
    async (header) => {
      const { body } = await server.inject({ url: '/', headers: { 'x-forwarded-for': header } });
      expect(body).toBe('203.0.113.9');
    },
  );
});
