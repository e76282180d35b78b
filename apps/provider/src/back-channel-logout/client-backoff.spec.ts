import { ClientBackoff } from './client-backoff.js';

let seconds: number;
let backoff: ClientBackoff;
beforeEach(() => {
  seconds = 0;
  backoff = new ClientBackoff(4, () => seconds * 1000);
});

const room = (clientId: string) => backoff.rooms().get(clientId) ?? 4;
const fail = (clientId: string) => {
  backoff.begin(clientId);
  backoff.end(clientId, 'unreachable');
};

describe('a client that is sent logout tokens', () => {
  it('has room for a few at a time, and other clients have their own', () => {
    for (let count = 0; count < 3; count++) backoff.begin('slow');
    expect([room('slow'), room('other')]).toEqual([1, 4]);
    backoff.begin('slow');
    expect(room('slow')).toBe(0);
    backoff.end('slow', 'answered');
    expect(room('slow')).toBe(1);
  });

  it('has no room for a while after a failure, and then room for one', () => {
    fail('down');
    expect([room('down'), room('other')]).toEqual([0, 4]);
    seconds = 1;
    expect(room('down')).toBe(1);
    backoff.begin('down');
    expect(room('down')).toBe(0);
    backoff.end('down', 'answered');
    expect(room('down')).toBe(4);
  });

  it('has no room for longer after each failure in a row, up to ten minutes', () => {
    const waits = Array.from({ length: 15 }, () => {
      fail('down');
      const failedAt = seconds;
      while (room('down') === 0) seconds += 0.5;
      return seconds - failedAt;
    });
    expect(waits[0]).toBeLessThanOrEqual(1);
    expect(waits[4]).toBeGreaterThanOrEqual(8);
    expect(Math.max(...waits)).toBeLessThanOrEqual(600);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(300);
  });

  it('waits no longer when requests that were sent together fail together', () => {
    for (let count = 0; count < 4; count++) backoff.begin('down');
    for (let count = 0; count < 4; count++) backoff.end('down', 'unreachable');
    seconds = 1;
    expect(room('down')).toBe(1);
  });
});
