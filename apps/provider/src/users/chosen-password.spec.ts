import { demoClients, demoInitialAccessToken, demoUsers } from '../demo/demo-data.js';
import { isDemoValue } from '../foundation/demo-values.js';
import { checkPassword } from './chosen-password.js';

describe('the secrets of the demo', () => {
  it.each(demoUsers)('the password of $email is refused in production only', ({ password }) => {
    expect(() => checkPassword(password, { NODE_ENV: 'development' })).not.toThrow();
    expect(() => checkPassword(password, { NODE_ENV: 'production' })).toThrow();
  });

  it('are all recognized', () => {
    const urls = { issuer: 'https://i.example', frontend: 'https://f.example', backend: 'https://b.example' };
    const secrets = [demoInitialAccessToken.token, ...demoClients(urls).flatMap(({ secret }) => secret ?? [])];
    expect(secrets.filter((secret) => !isDemoValue(secret))).toEqual([]);
    expect(secrets.length).toBeGreaterThan(3);
  });

  it('other passwords with the word demo are accepted in production', () => {
    expect(() => checkPassword('demonstration-of-a-password', { NODE_ENV: 'production' })).not.toThrow();
  });
});
