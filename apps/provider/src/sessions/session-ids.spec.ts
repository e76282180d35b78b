import { randomBytes, randomUUID } from 'node:crypto';
import { newSessionId, SessionIds } from './session-ids.js';

const ids = new SessionIds(randomBytes(32));
const [one, other] = [{ clientId: 'one' }, { clientId: 'other' }];

describe('the sid of a session (OpenID Connect Back-Channel Logout §2.1)', () => {
  it('is another one for each client, so that clients cannot compare it', () => {
    const id = newSessionId();
    const sids = [ids.of(one, id), ids.of(other, id), ids.of(one, newSessionId()), id];
    expect(new Set(sids).size).toBe(4);
  });

  it('stays the same for a client, on every replica', () => {
    const [id, key] = [newSessionId(), randomBytes(32)];
    expect(new SessionIds(key).of(one, id)).toBe(new SessionIds(key).of(one, id));
    expect(new SessionIds(randomBytes(32)).of(one, id)).not.toBe(new SessionIds(key).of(one, id));
  });

  it('is the id of a session that an earlier version started, because its clients have stored that', () => {
    const id = randomUUID();
    expect([ids.of(one, id), ids.of(other, id)]).toEqual([id, id]);
  });
});

describe('a new session id', () => {
  it('is a random UUID of version 8 (RFC 9562 §5.8)', () => {
    const created = Array.from({ length: 100 }, newSessionId);
    expect(new Set(created).size).toBe(100);
    for (const id of created)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
