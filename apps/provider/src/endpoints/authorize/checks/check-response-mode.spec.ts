import { checkContext } from '../../../testing/check-context.js';
import { checkResponseMode } from './check-response-mode.js';

describe('checkResponseMode', () => {
  it.each([{}, { response_mode: 'query' }])('takes %j', (parameters) => {
    expect(() => checkResponseMode(checkContext(parameters))).not.toThrow();
  });

  it.each(['fragment', 'form_post', 'web_message', 'query.jwt'])(
    'refuses the response mode %s (Multiple Response Type Encoding Practices §2.1)',
    (response_mode) => {
      expect(() => checkResponseMode(checkContext({ response_mode }))).toThrow('invalid_request');
    },
  );
});
