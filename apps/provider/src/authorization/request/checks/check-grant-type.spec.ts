import { checkContext } from '../../../testing/check-context.js';
import { checkGrantType } from './check-grant-type.js';

describe('checkGrantType', () => {
  it('refuses a client that is not registered for the authorization code grant (RFC 6749 §4.1.2.1)', () => {
    expect(() => checkGrantType(checkContext({}, { clientId: 'marketing-sync' }))).toThrow('unauthorized_client');
  });

  it('accepts a client that is registered for it', () => {
    expect(() => checkGrantType(checkContext({}))).not.toThrow();
  });
});
