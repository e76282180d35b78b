import { checkContext } from '../../../testing/check-context.js';
import { checkRepetition } from './check-repetition.js';

describe('checkRepetition', () => {
  it.each(['state', 'scope', 'nonce', 'code_challenge', 'prompt', 'anything_else'])(
    'refuses %s sent twice (RFC 6749 §3.1)',
    (name) => {
      expect(() => checkRepetition(checkContext({ [name]: ['a', 'a'] }))).toThrow('invalid_request');
    },
  );

  it('lets resource be repeated (RFC 8707 §2)', () => {
    expect(() => checkRepetition(checkContext({ resource: ['https://a.example', 'https://b.example'] }))).not.toThrow();
  });
});
