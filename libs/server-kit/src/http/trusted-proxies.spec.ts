import { z } from 'zod';
import { trustedProxies } from '../configuration/variables.js';
import { trustOf } from './trusted-proxies.js';

describe('the proxies that are trusted', () => {
  it.each([
    ['10.1.2.3', true],
    ['10.2.0.1', false],
    ['::ffff:10.1.2.3', true],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8::9', true],
    ['2001:db9::9', false],
    ['unknown', false],
    [undefined, false],
  ])('are those at named addresses and networks: %s is %s', (address, isTrusted) => {
    expect(trustOf(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32'])(address, 0)).toBe(isTrusted);
  });

  it('are as many as the number says, at any address', () => {
    const trusts = trustOf(2);
    expect([0, 1, 2].map((hop) => trusts('198.51.100.1', hop))).toEqual([true, true, false]);
  });

  it('are a number, or addresses and networks separated by commas', () => {
    const schema = z.object({ proxies: trustedProxies() });
    const read = (proxies: string) => schema.safeParse({ proxies }).data?.proxies;
    expect(read('2')).toBe(2);
    expect(read('10.0.0.0/8, ::1')).toEqual(['10.0.0.0/8', '::1']);
  });

  it.each(['-1', '1.5', 'proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '::1/129'])(
    'are not %s',
    (text) => {
      expect(trustedProxies().safeParse(text).success).toBe(false);
    },
  );
});
