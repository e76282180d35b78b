import { EndedTokens } from './revoked-tokens.js';

const MINUTE = 60_000;
let now = 0;
let list: EndedTokens;
beforeEach(() => {
  now = 0;
  list = new EndedTokens(3, () => now);
});

const token = { jti: 'token', client_id: 'client', grant_id: 'grant', sid: 'session' };
const exchanged = {
  jti: 'exchanged',
  client_id: 'backend',
  origins: [{ jti: 'origin', client_id: 'client', client_generation: 4 }],
};

describe('EndedTokens', () => {
  it.each([
    ['the token', { kind: 'token', id: 'token' }],
    ['its grant', { kind: 'grant', id: 'grant' }],
    ['its session', { kind: 'session', id: 'session' }],
    ['its client', { kind: 'client', id: 'client' }],
  ] as const)('includes a token when %s has ended, and no other', (_, ending) => {
    expect(list.includes(token)).toBe(false);
    list.add(ending, MINUTE);
    expect(list.includes(token)).toBe(true);
    expect(list.includes({ jti: 'other', client_id: 'other', grant_id: 'other', sid: 'other' })).toBe(false);
  });

  it('keeps ids of different kinds apart', () => {
    list.add({ kind: 'grant', id: 'token' }, MINUTE);
    list.add({ kind: 'token', id: 'session' }, MINUTE);
    list.add({ kind: 'session', id: 'client' }, MINUTE);
    expect(list.includes(token)).toBe(false);
  });

  it.each([
    ['an origin', { kind: 'token', id: 'origin' }],
    ['the client of an origin', { kind: 'client', id: 'client', generation: 5 }],
  ] as const)('includes an exchanged token when %s has ended', (_, ending) => {
    list.add(ending, MINUTE);
    expect(list.includes(exchanged)).toBe(true);
  });

  it('leaves tokens of a newer generation of the client alone, in whatever order the news come', () => {
    list.add({ kind: 'client', id: 'client', generation: 3 }, MINUTE);
    list.add({ kind: 'client', id: 'client', generation: 2 }, MINUTE);
    const of = (client_generation?: number) => list.includes({ jti: '1', client_id: 'client', client_generation });
    expect([of(), of(2), of(3), of(4)]).toEqual([true, true, false, false]);
    list.add({ kind: 'client', id: 'client' }, MINUTE);
    expect(of(4)).toBe(true);
    list.add({ kind: 'client', id: 'client', generation: 4 }, MINUTE);
    expect(of(4)).toBe(true);
  });

  it('forgets what ends no token that could still be alive', () => {
    list.add({ kind: 'token', id: 'token' }, MINUTE);
    list.add({ kind: 'grant', id: 'later' }, 2 * MINUTE);
    now = MINUTE;
    list.prune();
    expect([list.size, list.includes(token)]).toEqual([1, false]);
    list.add({ kind: 'token', id: 'too late' }, MINUTE);
    expect(list.size).toBe(1);
  });

  it('keeps what is told again for longer', () => {
    list.add({ kind: 'token', id: 'token' }, MINUTE);
    list.add({ kind: 'token', id: 'token' }, 2 * MINUTE);
    now = MINUTE;
    list.prune();
    expect(list.includes(token)).toBe(true);
  });

  it('keeps no more than it may, and is not whole while what it left out still counts', () => {
    for (const id of ['1', '2', '3']) list.add({ kind: 'token', id }, MINUTE);
    expect([list.size, list.isWhole]).toEqual([3, true]);
    list.add({ kind: 'token', id: '4' }, MINUTE);
    expect([list.size, list.isWhole]).toEqual([3, false]);
    expect(list.includes({ jti: '4', client_id: 'client' })).toBe(true);
    now = MINUTE;
    expect(list.isWhole).toBe(true);
  });
});

describe('whoever watches a token', () => {
  it('is told once when it ends', () => {
    let told = 0;
    list.watch(token, () => told++);
    list.add({ kind: 'grant', id: 'other' }, MINUTE);
    expect(told).toBe(0);
    list.add({ kind: 'grant', id: 'grant' }, MINUTE);
    list.add({ kind: 'session', id: 'session' }, MINUTE);
    expect(told).toBe(1);
  });

  it('is told at once when it has ended already', () => {
    list.add({ kind: 'session', id: 'session' }, MINUTE);
    let told = 0;
    list.watch(token, () => told++);
    expect(told).toBe(1);
  });

  it('is not told of an older generation of the client', () => {
    let told = 0;
    list.watch(exchanged, () => told++);
    list.add({ kind: 'client', id: 'client', generation: 4 }, MINUTE);
    expect(told).toBe(0);
    list.add({ kind: 'client', id: 'client', generation: 5 }, MINUTE);
    expect(told).toBe(1);
  });

  it('is not told any more once it has ended that, and others of the same token are', () => {
    const told: string[] = [];
    const end = list.watch(token, () => told.push('first'));
    list.watch(token, () => told.push('second'));
    end();
    list.add({ kind: 'token', id: 'token' }, MINUTE);
    expect(told).toEqual(['second']);
  });

  it('is told when nothing can be known any more', () => {
    let told = 0;
    list.watch(token, () => told++);
    list.watch(exchanged, () => told++);
    list.endWatched();
    list.endWatched();
    expect(told).toBe(2);
  });
});
