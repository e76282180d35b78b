import type { Client } from '../../clients/client.entity.js';

/**
 * Returns whether another program could impersonate a client: the client does not authenticate, and its redirect URI
 * leads to a program on the user's computer, where any program can listen on the port or register the scheme. Such a
 * client gets no response without consent in each authorization (OAuth 2.1 §7.3.1, RFC 8252 §8.6).
 */
export function canBeImpersonated(client: Pick<Client, 'tokenEndpointAuthMethod'>, redirectUri: string): boolean {
  return client.tokenEndpointAuthMethod === 'none' && new URL(redirectUri).protocol !== 'https:';
}
