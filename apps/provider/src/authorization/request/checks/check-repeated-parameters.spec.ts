import { checkContext } from '../../../testing/check-context.js';
import { checkRepeatedParameters } from './check-repeated-parameters.js';

describe('checkRepeatedParameters', () => {
  it.each(['state', 'scope', 'nonce', 'code_challenge', 'prompt', 'audience'])(
    'refuses a repeated %s (RFC 6749 §3.1)',
    (name) => {
      expect(() => checkRepeatedParameters(checkContext({ [name]: ['a', 'a'] }))).toThrow('invalid_request');
    },
  );

  it('ignores a repeated parameter that is unknown (RFC 6749 §3.1)', () => {
    expect(() => checkRepeatedParameters(checkContext({ anything_else: ['a', 'b'] }))).not.toThrow();
  });

  it('accepts a repeated resource (RFC 8707 §2)', () => {
    expect(() =>
      checkRepeatedParameters(checkContext({ resource: ['https://a.example', 'https://b.example'] })),
    ).not.toThrow();
  });
});
