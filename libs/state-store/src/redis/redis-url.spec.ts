import { parseRedisUrl } from './redis-url.js';

describe('a REDIS_URL', () => {
  it.each([
    ['redis://localhost', { kind: 'server', tls: false, nodes: [{ host: 'localhost', port: 6379 }], database: 0 }],
    [
      'rediss://trefoil:s%40cret%3A@redis.example:6380/2',
      {
        kind: 'server',
        tls: true,
        nodes: [{ host: 'redis.example', port: 6380 }],
        database: 2,
        username: 'trefoil',
        password: 's@cret:',
      },
    ],
    ['redis://:secret@[::1]:6379', { nodes: [{ host: '::1', port: 6379 }], password: 'secret' }],
    [
      'rediss+cluster://a:7000,b:7001',
      {
        kind: 'cluster',
        tls: true,
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 7001 },
        ],
        database: 0,
      },
    ],
    [
      'redis+sentinel://:data@s1,s2:26380/mymaster/1?sentinelPassword=watch',
      {
        kind: 'sentinel',
        nodes: [
          { host: 's1', port: 26379 },
          { host: 's2', port: 26380 },
        ],
        master: 'mymaster',
        database: 1,
        password: 'data',
        sentinels: { password: 'watch' },
      },
    ],
  ])('is read from %s', (url, address) => expect(parseRedisUrl(url)).toMatchObject(address));

  it.each([
    ['http://localhost', 'must be a redis://'],
    ['redis://', 'must be a redis://'],
    ['redis://a,b', 'has several hosts'],
    ['redis://a/name', 'number of a database'],
    ['redis+cluster://a/1', 'only database 0'],
    ['redis+sentinel://a', 'name of the master'],
    ['redis://a:port', 'must have a host'],
  ])('%s is refused, because it %s', (url, message) => expect(() => parseRedisUrl(url)).toThrow(message));

  it('with a mistake is refused without repeating its password', () => {
    expect(messageOf('redis://:secret@a,b')).toMatch(/^has several hosts/);
    expect(messageOf('redis://:secret@a,b')).not.toContain('secret');
  });
});

function messageOf(url: string): string {
  try {
    parseRedisUrl(url);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}
