import { canBeImpersonated } from './can-be-impersonated.js';

const NATIVE = { tokenEndpointAuthMethod: 'none' } as const;
const CONFIDENTIAL = { tokenEndpointAuthMethod: 'client_secret_basic' } as const;

describe('canBeImpersonated', () => {
  it('is true for a public client on the user’s computer (RFC 8252 §8.6)', () => {
    expect(canBeImpersonated(NATIVE, 'http://127.0.0.1:51004/callback')).toBe(true);
    expect(canBeImpersonated(NATIVE, 'com.example.app:/callback')).toBe(true);
  });

  it('is false for a client that authenticates', () => {
    expect(canBeImpersonated(CONFIDENTIAL, 'http://localhost:3000/callback')).toBe(false);
  });

  it('is false for a client with an https redirect URI', () => {
    expect(canBeImpersonated(NATIVE, 'https://app.example/callback')).toBe(false);
  });
});
