import type { Client } from '../../clients/client.entity.js';

/**
 * Whether another program could pass itself off as this client: it has no secret, and its answers go to this computer,
 * where any program may listen or claim its scheme. Such a client is never answered without its person's knowledge (OAuth 2.1 §7.3.1,
 * RFC 8252 §8.6).
 */
export function canBeImpersonated(client: Pick<Client, 'tokenEndpointAuthMethod'>, redirectUri: string): boolean {
  return client.tokenEndpointAuthMethod === 'none' && new URL(redirectUri).protocol !== 'https:';
}
