import { checkContext } from '../../../testing/check-context.js';
import { checkRegistration } from './check-registration.js';

describe('checkRegistration', () => {
  it('refuses metadata of the client in the request (OpenID Connect Core §3.1.2.6, §7.2.1)', () => {
    expect(() => checkRegistration(checkContext({ registration: '{}' }))).toThrow('registration_not_supported');
  });

  it('takes a request without', () => expect(() => checkRegistration(checkContext({}))).not.toThrow());
});
