import { ExpiringMap } from './expiring-map.js';

let now = 0;
let map: ExpiringMap<string>;
beforeEach(() => {
  now = 0;
  map = new ExpiringMap(() => now);
});

const kept = (keys: string[]) => keys.filter((key) => map.get(key) !== undefined);

describe('ExpiringMap', () => {
  it('removes values when they expire, in whatever order they were set', () => {
    const keys = ['b', 'd', 'a', 'c'];
    for (const key of keys) map.set(key, key, key.charCodeAt(0));
    now = 'b'.charCodeAt(0);
    map.removeExpired();
    expect([kept(keys), map.size]).toEqual([['d', 'c'], 2]);
  });

  it('replaces a value and its time when it is set again', () => {
    map.set('a', 'first', 10);
    map.set('a', 'second', 20);
    map.set('b', 'first', 20);
    map.set('b', 'second', 10);
    now = 10;
    map.removeExpired();
    expect([map.get('a')?.value, map.get('b')?.value]).toEqual(['second', undefined]);
  });

  it('drops the value that would have expired first', () => {
    map.set('late', 'x', 30);
    map.set('early', 'x', 10);
    map.set('middle', 'x', 20);
    map.set('early', 'x', 25);
    expect([map.dropFirst(), map.dropFirst(), map.dropFirst(), map.dropFirst()]).toEqual([20, 25, 30, undefined]);
    expect(map.size).toBe(0);
  });

  it('keeps 10,000 values in order', () => {
    const times = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 10_007);
    for (const time of times) map.set(String(time), 'x', time);
    const dropped = times.map(() => map.dropFirst());
    expect(dropped).toEqual([...times].sort((a, b) => a - b));
  });
});
