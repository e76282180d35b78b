import { fingerprint } from './fingerprint.js';

describe('fingerprint', () => {
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
