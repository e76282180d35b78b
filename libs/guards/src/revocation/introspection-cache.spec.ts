import { Introspections } from './introspection-cache.js';

const { jest } = import.meta;

describe('Introspections', () => {
  let now = 0;
  const asking = (answer: (token: string) => Promise<boolean>) => {
    const isActive = jest.fn(answer);
    return { isActive, introspections: new Introspections({ isActive }, () => now) };
  };

  it('ask once a second for a token, also when many want to know at once', async () => {
    const { isActive, introspections } = asking(async (token) => token === 'good');
    const answers = await Promise.all(['good', 'good', 'bad', 'good'].map((token) => introspections.isActive(token)));
    expect(answers).toEqual([true, true, false, true]);
    now += 999;
    await introspections.isActive('good');
    expect(isActive).toHaveBeenCalledTimes(2);
    now += 1;
    await introspections.isActive('good');
    expect(isActive).toHaveBeenCalledTimes(3);
  });

  it('remember no failure, which is 503 with Retry-After', async () => {
    let isDown = true;
    const { introspections } = asking(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(true)));
    await expect(introspections.isActive('token')).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
    });
    isDown = false;
    expect(await introspections.isActive('token')).toBe(true);
  });

  it('remember a bounded number of answers', async () => {
    const { isActive, introspections } = asking(async () => true);
    for (let index = 0; index <= 1000; index++) await introspections.isActive(`${index}`);
    isActive.mockClear();
    await introspections.isActive('1000');
    await introspections.isActive('0');
    expect(isActive.mock.calls).toEqual([['0']]);
  });
});
