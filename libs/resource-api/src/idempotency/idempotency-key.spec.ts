import { checkIdempotencyKey, fingerprint } from './idempotency-key.js';

describe('Idempotency-Key', () => {
  it.each([undefined, 'k', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])(
    '%j is accepted unchanged',
    (key) => {
      expect(checkIdempotencyKey(key)).toBe(key);
    },
  );

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256), 'one, two'])(
    '%j is refused, and the error names the header',
    (key) => {
      expect(() => checkIdempotencyKey(key)).toThrow('Idempotency-Key');
    },
  );
});

describe('the fingerprint of a request', () => {
  const input = { name: 'Ada', email: '' };

  it('is the same for the same input in another order', () => {
    expect(fingerprint('create', { email: '', name: 'Ada' })).toEqual(fingerprint('create', input));
  });

  it.each([
    ['another value', 'create', { name: 'Eva', email: '' }],
    ['a value under another name', 'create', { name: '', email: 'Ada' }],
    ['another operation', 'remove', input],
  ])('differs for %s', (_, operation, other) => {
    expect(fingerprint(operation, other)).not.toEqual(fingerprint('create', input));
  });
});
