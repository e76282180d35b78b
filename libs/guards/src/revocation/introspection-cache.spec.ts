import { IntrospectionCache } from './introspection-cache.js';

const { jest } = import.meta;

describe('IntrospectionCache', () => {
  let now = 0;
  const cacheOver = (answer: (token: string) => Promise<boolean>) => {
    const isActive = jest.fn(answer);
    const introspect = async (token: string) => ({ active: await isActive(token) });
    return { isActive, cache: new IntrospectionCache({ introspect }, () => now) };
  };

  it('introspects a token once a second, also for concurrent callers', async () => {
    const { isActive, cache } = cacheOver(async (token) => token === 'good');
    const answers = await Promise.all(['good', 'good', 'bad', 'good'].map((token) => cache.isActive(token)));
    expect(answers).toEqual([true, true, false, true]);
    now += 999;
    await cache.isActive('good');
    expect(isActive).toHaveBeenCalledTimes(2);
    now += 1;
    await cache.isActive('good');
    expect(isActive).toHaveBeenCalledTimes(3);
  });

  it('keeps no error, which is answered 503 with Retry-After', async () => {
    let isDown = true;
    const { cache } = cacheOver(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(true)));
    await expect(cache.isActive('token')).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
    });
    isDown = false;
    expect(await cache.isActive('token')).toBe(true);
  });

  it('keeps a bounded number of answers', async () => {
    const { isActive, cache } = cacheOver(async () => true);
    for (let index = 0; index <= 1000; index++) await cache.isActive(`${index}`);
    isActive.mockClear();
    await cache.isActive('1000');
    await cache.isActive('0');
    expect(isActive.mock.calls).toEqual([['0']]);
  });
});
