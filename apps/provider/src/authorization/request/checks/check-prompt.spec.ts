import { checkContext } from '../../../testing/check-context.js';
import { checkPrompt } from './check-prompt.js';

describe('checkPrompt', () => {
  it('reads the prompts, each once', () => {
    expect(checkPrompt(checkContext({ prompt: 'login consent login' }))).toEqual({ prompt: ['login', 'consent'] });
    expect(checkPrompt(checkContext({}))).toEqual({ prompt: [] });
  });

  it('refuses none together with another value (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => checkPrompt(checkContext({ prompt: 'none login' }))).toThrow('invalid_request');
  });

  it('refuses an unknown prompt (OpenID Connect Core §3.1.2.1)', () => {
    expect(() => checkPrompt(checkContext({ prompt: 'dance' }))).toThrow('invalid_request');
  });
});
