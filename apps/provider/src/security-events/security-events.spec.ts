import { storableEvent } from './security-events.js';

const event = { type: 'client-authentication', outcome: 'failure' } as const;

describe('a stored event', () => {
  it('contains no U+0000 and no unpaired surrogates, which PostgreSQL refuses', () => {
    const stored = storableEvent({ ...event, clientId: 'a\0b', details: { reason: 'c\ud800d\0' } });
    expect(stored).toEqual({ ...event, clientId: 'a\uFFFDb', details: { reason: 'c\uFFFDd\uFFFD' } });
  });

  it('contains no text that is too long for an index', () => {
    const { clientId } = storableEvent({ ...event, clientId: '😀'.repeat(10_000) });
    expect(Buffer.byteLength(clientId ?? '')).toBeLessThan(2700);
  });

  it('is otherwise unchanged, without new members', () => {
    const whole = { ...event, userId: null, address: '127.0.0.1', details: { scope: 'openid ü' } };
    expect(storableEvent(whole)).toEqual(whole);
    expect(storableEvent(event)).toEqual(event);
  });
});
