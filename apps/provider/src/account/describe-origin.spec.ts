import { describeAgent, describeOrigin } from './describe-origin.js';

describe('describeAgent', () => {
  it.each([
    ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    [
      'Chrome on Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
    ],
    ['Edge on Windows', 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0'],
    ['Safari on iOS', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'],
    ['curl/8.0', 'curl/8.0'],
    [`${'x'.repeat(60)}…`, 'x'.repeat(300)],
  ])('returns %s', (words, agent) => {
    expect(describeAgent(agent)).toBe(words);
  });
});

describe('describeOrigin', () => {
  it('returns the parts that are known', () => {
    expect(describeOrigin({ agent: 'curl/8.0', address: '192.0.2.1' })).toBe('curl/8.0, 192.0.2.1');
    expect(describeOrigin({ agent: null, address: '192.0.2.1' })).toBe('192.0.2.1');
    expect(describeOrigin({ agent: null, address: null })).toBe('');
  });
});
