import { invalidTarget } from './oauth-error.js';

/**
 * Checks that a resource indicator is an absolute URI without a fragment (RFC 8707 §2).
 *
 * @throws OAuthError `invalid_target` when it is not.
 */
export function checkResourceIndicator(resource: string): void {
  if (!URL.canParse(resource) || resource.includes('#')) {
    throw invalidTarget('resource must be an absolute URI without a fragment');
  }
}

/**
 * Returns the registered identifier that a resource indicator names: the same string, or for an origin with and without
 * the slash of its empty path, the other form (RFC 3986 §6.2.3). Returns the indicator itself when no identifier
 * matches.
 */
export function registeredResource(resource: string, identifiers: readonly string[]): string {
  if (identifiers.includes(resource)) return resource;
  return identifiers.find((identifier) => differByEmptyPath(resource, identifier)) ?? resource;
}

const differByEmptyPath = (a: string, b: string): boolean =>
  (a === `${b}/` || b === `${a}/`) && /^https?:\/\/[^/?#]+\/?$/i.test(a);
