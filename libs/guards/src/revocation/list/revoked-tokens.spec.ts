import { RevokedTokens } from './revoked-tokens.js';

const MINUTE = 60_000;
let now = 0;
let list: RevokedTokens;
beforeEach(() => {
  now = 0;
  list = new RevokedTokens(3, () => now);
});

const token = { jti: 'token', client_id: 'client', grant_id: 'grant', sid: 'session' };
const exchanged = {
  jti: 'exchanged',
  client_id: 'backend',
  origins: [{ jti: 'origin', client_id: 'client', client_generation: 4 }],
};

describe('RevokedTokens', () => {
  it.each([
    ['the token', { kind: 'token', id: 'token' }],
    ['its grant', { kind: 'grant', id: 'grant' }],
    ['its session', { kind: 'session', id: 'session' }],
    ['its client', { kind: 'client', id: 'client' }],
  ] as const)('includes a token when %s is revoked, and no other token', (_, revocation) => {
    expect(list.includes(token)).toBe(false);
    list.add(revocation, MINUTE);
    expect(list.includes(token)).toBe(true);
    expect(list.includes({ jti: 'other', client_id: 'other', grant_id: 'other', sid: 'other' })).toBe(false);
  });

  it('does not confuse ids of different kinds', () => {
    list.add({ kind: 'grant', id: 'token' }, MINUTE);
    list.add({ kind: 'token', id: 'session' }, MINUTE);
    list.add({ kind: 'session', id: 'client' }, MINUTE);
    expect(list.includes(token)).toBe(false);
  });

  it.each([
    ['an origin', { kind: 'token', id: 'origin' }],
    ['the client of an origin', { kind: 'client', id: 'client', generation: 5 }],
  ] as const)('includes an exchanged token when %s is revoked', (_, revocation) => {
    list.add(revocation, MINUTE);
    expect(list.includes(exchanged)).toBe(true);
  });

  it('does not include tokens of a newer generation of the client, in whatever order revocations are added', () => {
    list.add({ kind: 'client', id: 'client', generation: 3 }, MINUTE);
    list.add({ kind: 'client', id: 'client', generation: 2 }, MINUTE);
    const of = (client_generation?: number) => list.includes({ jti: '1', client_id: 'client', client_generation });
    expect([of(), of(2), of(3), of(4)]).toEqual([true, true, false, false]);
    list.add({ kind: 'client', id: 'client' }, MINUTE);
    expect(of(4)).toBe(true);
    list.add({ kind: 'client', id: 'client', generation: 4 }, MINUTE);
    expect(of(4)).toBe(true);
  });

  it('removes expired revocations, and does not add them', () => {
    list.add({ kind: 'token', id: 'token' }, MINUTE);
    list.add({ kind: 'grant', id: 'later' }, 2 * MINUTE);
    now = MINUTE;
    list.removeExpired();
    expect([list.size, list.includes(token)]).toEqual([1, false]);
    list.add({ kind: 'token', id: 'too late' }, MINUTE);
    expect(list.size).toBe(1);
  });

  it('keeps a revocation for longer when it is added again with a later expiry', () => {
    list.add({ kind: 'token', id: 'token' }, MINUTE);
    list.add({ kind: 'token', id: 'token' }, 2 * MINUTE);
    now = MINUTE;
    list.removeExpired();
    expect(list.includes(token)).toBe(true);
  });

  it('keeps no more entries than its limit, and is incomplete until a dropped entry would have expired', () => {
    for (const id of ['1', '2', '3']) list.add({ kind: 'token', id }, MINUTE);
    expect([list.size, list.isComplete]).toEqual([3, true]);
    list.add({ kind: 'token', id: '4' }, MINUTE);
    expect([list.size, list.isComplete]).toEqual([3, false]);
    expect(list.includes({ jti: '4', client_id: 'client' })).toBe(true);
    now = MINUTE;
    expect(list.isComplete).toBe(true);
  });
});

it('drops the revocation that expires first when it is full, however late it was added', () => {
  list.add({ kind: 'grant', id: 'grant' }, 10 * MINUTE);
  for (const id of ['1', '2', '3', '4']) list.add({ kind: 'token', id }, MINUTE);
  expect([list.size, list.includes(token), list.isComplete]).toEqual([3, true, false]);
  now = MINUTE;
  list.removeExpired();
  expect([list.size, list.isComplete]).toEqual([1, true]);
});

it('removes a revocation that expires before those that were added earlier', () => {
  list.add({ kind: 'grant', id: 'grant' }, 10 * MINUTE);
  list.add({ kind: 'token', id: 'short' }, MINUTE);
  now = MINUTE;
  list.removeExpired();
  expect(list.size).toBe(1);
});

it('is incomplete for as long as a revocation that could not be read may matter', () => {
  list.recordMissing(MINUTE);
  expect(list.isComplete).toBe(false);
  now = MINUTE;
  expect(list.isComplete).toBe(true);
});

describe('a listener for the revocation of a token', () => {
  it('is called once when the token is revoked', () => {
    let calls = 0;
    list.onRevoked(token, () => calls++);
    list.add({ kind: 'grant', id: 'other' }, MINUTE);
    expect(calls).toBe(0);
    list.add({ kind: 'grant', id: 'grant' }, MINUTE);
    list.add({ kind: 'session', id: 'session' }, MINUTE);
    expect(calls).toBe(1);
  });

  it('is called at once when the token is already revoked', () => {
    list.add({ kind: 'session', id: 'session' }, MINUTE);
    let calls = 0;
    list.onRevoked(token, () => calls++);
    expect(calls).toBe(1);
  });

  it('is not called when an older generation of the client is revoked', () => {
    let calls = 0;
    list.onRevoked(exchanged, () => calls++);
    list.add({ kind: 'client', id: 'client', generation: 4 }, MINUTE);
    expect(calls).toBe(0);
    list.add({ kind: 'client', id: 'client', generation: 5 }, MINUTE);
    expect(calls).toBe(1);
  });

  it('is not called after it was removed; other listeners of the token are', () => {
    const called: string[] = [];
    const remove = list.onRevoked(token, () => called.push('first'));
    list.onRevoked(token, () => called.push('second'));
    remove();
    list.add({ kind: 'token', id: 'token' }, MINUTE);
    expect(called).toEqual(['second']);
  });

  it('is called once when all listeners are notified', () => {
    let calls = 0;
    list.onRevoked(token, () => calls++);
    list.onRevoked(exchanged, () => calls++);
    list.notifyAllListeners();
    list.notifyAllListeners();
    expect(calls).toBe(2);
  });
});
