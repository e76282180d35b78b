import { Logger } from '@nestjs/common';
import type { DirectoryEntry } from '@trefoil/dto';
import { Directory } from './directory.js';
import type { ProviderClient } from './provider-client.js';

const { jest } = import.meta;

const directoryOf = (directoryEntry: (user: string) => Promise<DirectoryEntry | undefined>) => {
  const asked = jest.fn(directoryEntry);
  return { asked, directory: new Directory({ directoryEntry: asked } as unknown as ProviderClient) };
};
const everybody = (user: string) => Promise.resolve({ sub: user, name: `name of ${user}`, email: 'x@example.com' });

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('Directory', () => {
  it('looks up each user once, and again after a minute', async () => {
    const { asked, directory } = directoryOf(everybody);
    expect(await directory.namesOf(['a', 'a', 'b'])).toEqual(
      new Map([
        ['a', 'name of a'],
        ['b', 'name of b'],
      ]),
    );
    await directory.namesOf(['b', 'a']);
    expect(asked).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(60_000);
    await directory.namesOf(['a']);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('caches at most a thousand users, and drops the oldest', async () => {
    const { asked, directory } = directoryOf(everybody);
    const users = Array.from({ length: 1001 }, (_, index) => `${index}`);
    expect((await directory.namesOf(users)).size).toBe(1001);
    asked.mockClear();
    await directory.namesOf(['1', '1000', '0']);
    expect(asked.mock.calls).toEqual([['0']]);
  });

  it('returns no name for a user who does not exist', async () => {
    const { directory } = directoryOf(() => Promise.resolve(undefined));
    expect(await directory.namesOf(['a'])).toEqual(new Map([['a', null]]));
  });

  it('does not call an unreachable directory for 5 seconds, and logs it once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const { asked, directory } = directoryOf(() => Promise.reject(new Error('down')));
    expect(await directory.namesOf(['a'])).toEqual(new Map([['a', null]]));
    await directory.namesOf(['a', 'b']);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(5000);
    asked.mockImplementation(everybody);
    expect(await directory.namesOf(['a'])).toEqual(new Map([['a', 'name of a']]));
  });
});
