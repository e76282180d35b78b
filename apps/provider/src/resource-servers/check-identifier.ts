import { type TransportPolicy, transportProblem } from '@trefoil/oauth-protocol';
import { refusedValue } from '../http/refusal.js';

const FIELD = 'identifier';

/**
 * Checks that a text can identify a resource server: an absolute http or https URL without a fragment (RFC 8707 §2), in the
 * one form in which URLs are compared, because tokens and requests must contain exactly this text. In production it is https,
 * except for the origins that the policy names.
 *
 * @throws Refusal
 */
export function checkIdentifier(identifier: string, policy: TransportPolicy): void {
  const url = URL.canParse(identifier) ? new URL(identifier) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw refusedValue(FIELD, 'must be an absolute URL, such as https://api.example.com');
  }
  if (identifier.includes('#')) throw refusedValue(FIELD, 'must have no fragment (RFC 8707 §2)');
  if (url.username !== '' || url.password !== '')
    throw refusedValue(FIELD, 'must contain no user name and no password');
  // Outside of production an administrator may name any host.
  const problem = policy.isProduction ? transportProblem(url, policy) : undefined;
  if (problem !== undefined) throw refusedValue(FIELD, problem);
  if (url.href !== identifier && url.href !== `${identifier}/`) {
    throw refusedValue(FIELD, `must be written in its normal form: ${url.href}`);
  }
}

/** Returns the other spelling of an origin, with or without the slash of its empty path (RFC 3986 §6.2.3). */
export const otherSpelling = (identifier: string): string =>
  identifier.endsWith('/') ? identifier.slice(0, -1) : `${identifier}/`;
