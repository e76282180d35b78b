import { demoClients } from '../../demo/demo-data.js';
import { checkChosenSecret } from './chosen-secret.js';

const URLS = { issuer: 'https://i.example', frontend: 'https://f.example', backend: 'https://b.example' };
const DEMO_SECRETS = demoClients(URLS).flatMap(({ secret }) => secret ?? []);

describe('a client secret that somebody chose', () => {
  it.each(['s'.repeat(16), 'With-symbols_~!:&%+"', 's'.repeat(200)])('is accepted: %s', (secret) => {
    expect(() => checkChosenSecret(secret, { NODE_ENV: 'production' })).not.toThrow();
  });

  it.each([
    ['is too short', 's'.repeat(15)],
    ['is too long', 's'.repeat(201)],
    ['has a space', 'a secret of many words'],
    ['has a line break', `${'s'.repeat(20)}\n`],
    ['is not ASCII (RFC 6749 Appendix A.2)', 'ß'.repeat(20)],
  ])('is refused when it %s', (_, secret) => {
    expect(() => checkChosenSecret(secret, { NODE_ENV: 'development' })).toThrow();
  });

  it.each(DEMO_SECRETS)('is refused in production only when it is one of the demo: %s', (secret) => {
    expect(() => checkChosenSecret(secret, { NODE_ENV: 'development' })).not.toThrow();
    expect(() => checkChosenSecret(secret, { NODE_ENV: 'production' })).toThrow();
  });
});
