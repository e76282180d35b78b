import { IntrospectedRevocations } from './introspected-revocations.js';
import { USER_CLAIMS } from '../testing/test-issuer.js';

const { jest } = import.meta;

describe('revocation by introspection, without a stream (RFC 7662 §2.2)', () => {
  const introspect = jest.fn(async (token: string) => ({ active: token !== 'revoked' }));
  const revocations = new IntrospectedRevocations({ introspect }, { introspectionSeconds: 1 });

  it('asks the provider about each token, and keeps the answer', async () => {
    expect(await revocations.isRevoked(USER_CLAIMS, { token: 'good' })).toBe(false);
    expect(await revocations.isRevoked(USER_CLAIMS, { token: 'good', method: 'POST' })).toBe(false);
    expect(await revocations.isRevoked(USER_CLAIMS, { token: 'revoked' })).toBe(true);
    expect(introspect).toHaveBeenCalledTimes(2);
  });

  it('ends a response that has begun when its token is revoked, and asks until then', async () => {
    jest.useFakeTimers({ now: 0 });
    try {
      let active = true;
      const changing = new IntrospectedRevocations(
        { introspect: async () => ({ active }) },
        { introspectionSeconds: 1 },
      );
      const listener = jest.fn();
      changing.onRevoked(USER_CLAIMS, listener, { token: 'a' });
      await jest.advanceTimersByTimeAsync(2000);
      expect(listener).not.toHaveBeenCalled();
      active = false;
      await jest.advanceTimersByTimeAsync(2000);
      expect(listener).toHaveBeenCalledTimes(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
