import { RESPONSE_MODES } from '@trefoil/oauth-protocol';
import { checkContext } from '../../../testing/check-context.js';
import { checkResponseMode, responseModeOf } from './check-response-mode.js';

describe('checkResponseMode', () => {
  it.each([undefined, ...RESPONSE_MODES])('accepts %s', (response_mode) => {
    const context = checkContext(response_mode === undefined ? {} : { response_mode });
    expect(() => checkResponseMode(context)).not.toThrow();
    expect(responseModeOf(context)).toBe(response_mode ?? 'query');
  });

  it.each(['fragment', 'fragment.jwt', 'web_message', 'QUERY', 'query jwt'])(
    'refuses the response mode %s and sends the error in the query (Multiple Response Types §2.1, JARM §2.3.2)',
    (response_mode) => {
      expect(() => checkResponseMode(checkContext({ response_mode }))).toThrow('invalid_request');
      expect(responseModeOf(checkContext({ response_mode }))).toBe('query');
    },
  );

  it('returns query when the parameter is repeated (RFC 6749 §3.1)', () => {
    expect(responseModeOf(checkContext({ response_mode: ['form_post', 'jwt'] }))).toBe('query');
  });

  it.each([undefined, 'query', 'form_post', 'fragment', 'query.jwt'])(
    'refuses %s for a client that may use jwt only, and sends a signed error (FAPI 2.0 Message Signing §5.3.3, §5.4.1)',
    (response_mode) => {
      const parameters = response_mode === undefined ? {} : { response_mode };
      const context = checkContext(parameters, { responseModes: ['jwt'] });
      expect(() => checkResponseMode(context)).toThrow('invalid_request');
      expect(responseModeOf(context)).toBe('jwt');
    },
  );

  it('accepts every mode that the client may use (FAPI 2.0 Message Signing §5.3.3)', () => {
    const context = checkContext({ response_mode: 'form_post.jwt' }, { responseModes: ['jwt', 'form_post.jwt'] });
    expect(() => checkResponseMode(context)).not.toThrow();
    expect(responseModeOf(context)).toBe('form_post.jwt');
  });
});
