import { checkContext } from '../../../testing/check-context.js';
import { checkRegistration } from './check-registration.js';

describe('checkRegistration', () => {
  it('refuses client metadata in the request (OpenID Connect Core §3.1.2.6, §7.2.1)', () => {
    expect(() => checkRegistration(checkContext({ registration: '{}' }))).toThrow('registration_not_supported');
  });

  it('accepts a request without it', () => expect(() => checkRegistration(checkContext({}))).not.toThrow());
});
