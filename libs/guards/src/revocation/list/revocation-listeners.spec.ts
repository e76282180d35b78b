import { TokenWatchers } from './revocation-listeners.js';

describe('TokenWatchers', () => {
  const claims = { jti: 'token', client_id: 'client', grant_id: 'grant', sid: 'session' };
  const nothing = () => undefined;

  it('hold nothing once a watcher was told or has ended', () => {
    const watchers = new TokenWatchers();
    const ends = Array.from({ length: 100 }, (_, index) => watchers.add({ ...claims, jti: `${index}` }, nothing));
    expect(watchers.size).toBeGreaterThan(0);
    for (const end of ends.slice(50)) end();
    watchers.tell({ kind: 'session', id: 'session' });
    expect(watchers.size).toBe(0);
    for (const end of ends) end();
    expect(watchers.size).toBe(0);
  });

  it('tell a listener that ends another one while it is told', () => {
    const watchers = new TokenWatchers();
    const told: string[] = [];
    const end = watchers.add(claims, () => told.push('first'));
    watchers.add(claims, () => (end(), told.push('second')));
    watchers.tell({ kind: 'grant', id: 'grant' });
    expect(told).toEqual(['first', 'second']);
    expect(watchers.size).toBe(0);
  });
});
