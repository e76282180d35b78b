import { canBeImpersonated } from './can-be-impersonated.js';

const NATIVE = { tokenEndpointAuthMethod: 'none' } as const;
const CONFIDENTIAL = { tokenEndpointAuthMethod: 'client_secret_basic' } as const;

describe('canBeImpersonated', () => {
  it('is true of a program on this computer (RFC 8252 §8.6)', () => {
    expect(canBeImpersonated(NATIVE, 'http://127.0.0.1:51004/callback')).toBe(true);
    expect(canBeImpersonated(NATIVE, 'com.example.app:/callback')).toBe(true);
  });

  it('is false of a client that authenticates itself', () => {
    expect(canBeImpersonated(CONFIDENTIAL, 'http://localhost:3000/callback')).toBe(false);
  });

  it('is false of a client that is answered at a host of its own', () => {
    expect(canBeImpersonated(NATIVE, 'https://app.example/callback')).toBe(false);
  });
});
