import { checkIdempotencyKey } from './idempotency-key.js';

describe('Idempotency-Key', () => {
  it.each([undefined, 'k', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])(
    '%j is taken as it is',
    (key) => {
      expect(checkIdempotencyKey(key)).toBe(key);
    },
  );

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256), 'one, two'])('%j is refused by name', (key) => {
    expect(() => checkIdempotencyKey(key)).toThrow('Idempotency-Key');
  });
});
