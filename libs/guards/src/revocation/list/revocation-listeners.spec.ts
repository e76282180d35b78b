import { RevocationListeners } from './revocation-listeners.js';

describe('RevocationListeners', () => {
  const claims = { jti: 'token', client_id: 'client', grant_id: 'grant', sid: 'session' };
  const nothing = () => undefined;

  it('keeps no listener that was called or removed', () => {
    const listeners = new RevocationListeners();
    const removals = Array.from({ length: 100 }, (_, index) => listeners.add({ ...claims, jti: `${index}` }, nothing));
    expect(listeners.size).toBeGreaterThan(0);
    for (const remove of removals.slice(50)) remove();
    listeners.notify({ kind: 'session', id: 'session' });
    expect(listeners.size).toBe(0);
    for (const remove of removals) remove();
    expect(listeners.size).toBe(0);
  });

  it('calls a listener that removes another one during its call', () => {
    const listeners = new RevocationListeners();
    const called: string[] = [];
    const remove = listeners.add(claims, () => called.push('first'));
    listeners.add(claims, () => (remove(), called.push('second')));
    listeners.notify({ kind: 'grant', id: 'grant' });
    expect(called).toEqual(['first', 'second']);
    expect(listeners.size).toBe(0);
  });
});
