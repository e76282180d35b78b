import { RepeatedFailures } from './repeated-failures.js';
import type { SecurityEventContent } from './security-events.js';

const failure: SecurityEventContent = {
  ...{ type: 'client-authentication', outcome: 'failure', clientId: 'client' },
  ...{ address: '192.0.2.1', details: { method: 'none' } },
};

let repeated: RepeatedFailures;
beforeEach(() => (repeated = new RepeatedFailures()));

describe('repeated failures', () => {
  it('become one event with a count, beside the first one', () => {
    const counted = Array.from({ length: 20_000 }, (_, n) => repeated.counts({ ...failure, requestId: `${n}` }));
    expect(counted.filter((each) => !each)).toHaveLength(1);
    expect(repeated.take()).toEqual([{ ...failure, requestId: '19999', details: { method: 'none', count: '19999' } }]);
  });

  it('are those of one IPv6 network', () => {
    const counted = [1, 2, 3].map((host) => repeated.counts({ ...failure, address: `2001:db8::${host}` }));
    expect(counted).toEqual([false, true, true]);
  });

  it.each<[string, SecurityEventContent]>([
    ['type', { ...failure, type: 'dpop-proof' }],
    ['client', { ...failure, clientId: 'another' }],
    ['user', { ...failure, userId: 'user' }],
    ['network', { ...failure, address: '192.0.2.2' }],
    ['reason', { ...failure, details: { method: 'client_secret_basic' } }],
  ])('are counted apart from those of another %s', (_, other) => {
    expect([repeated.counts(failure), repeated.counts(other)]).toEqual([false, false]);
  });

  it('leave no event when nothing was repeated', () => {
    repeated.counts(failure);
    expect(repeated.take()).toEqual([]);
  });

  it.each<[string, SecurityEventContent]>([
    ['a success', { ...failure, type: 'sign-in', outcome: 'success' }],
    ['the reuse of a refresh token', { ...failure, type: 'refresh-token-reuse' }],
    ['a refused consent', { ...failure, type: 'consent' }],
  ])('do not include %s', (_, event) => {
    expect([repeated.counts(event), repeated.counts(event)]).toEqual([false, false]);
  });

  it('are limited in number, because strangers choose client ids', () => {
    for (let n = 0; n < 999; n++) repeated.counts({ ...failure, clientId: `client ${n}` });
    expect(repeated.isFull).toBe(false);
    repeated.counts(failure);
    expect(repeated.isFull).toBe(true);
    repeated.take();
    expect([repeated.isFull, repeated.counts(failure)]).toEqual([false, false]);
  });
});
