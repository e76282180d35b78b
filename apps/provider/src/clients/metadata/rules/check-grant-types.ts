import { GRANT_TYPE, invalidClientMetadata } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

const NEVER_OFFERED: readonly string[] = ['implicit', 'password'];

/** Grant types that only an administrator can register. Token exchange is for resource servers, and needs a policy. */
const BY_ADMINISTRATORS: readonly string[] = [GRANT_TYPE.tokenExchange];

/**
 * Checks that every grant type is supported and that `response_types` matches the grant types (RFC 7591 §2.1): the only
 * response type is `code`, which belongs to `authorization_code`. Both are the default.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkGrantTypes({
  metadata,
  offeredGrantTypes,
  byAdministrator = false,
}: Pick<RegistrationContext, 'metadata' | 'offeredGrantTypes' | 'byAdministrator'>): Pick<Client, 'grantTypes'> {
  const grantTypes = [...new Set(metadata.grant_types ?? [GRANT_TYPE.authorizationCode])];
  if (grantTypes.length === 0) throw invalidClientMetadata('grant_types must not be empty');
  for (const name of grantTypes) checkGrantType(name, offeredGrantTypes, byAdministrator);
  if (grantTypes.every((name) => name === GRANT_TYPE.refreshToken)) {
    throw invalidClientMetadata(
      'grant_types must not have refresh_token alone: no other grant type issues a refresh token',
    );
  }
  if (metadata.response_types) checkResponseTypes(metadata.response_types, grantTypes);
  return { grantTypes };
}

function checkGrantType(name: string, offered: readonly string[], byAdministrator: boolean): void {
  if (NEVER_OFFERED.includes(name)) {
    throw invalidClientMetadata(`grant_types: ${name} is never offered, use authorization_code (OAuth 2.1 section 10)`);
  }
  if (BY_ADMINISTRATORS.includes(name) && !byAdministrator) {
    throw invalidClientMetadata('grant_types: only an administrator can register a client for token exchange');
  }
  if (!offered.includes(name)) throw invalidClientMetadata('grant_types has a value that is not supported');
}

function checkResponseTypes(responseTypes: readonly string[], grantTypes: readonly string[]): void {
  if (responseTypes.some((responseType) => responseType !== 'code')) {
    throw invalidClientMetadata(
      'response_types: only code is supported, no implicit or hybrid type (OAuth 2.1 section 10)',
    );
  }
  if (responseTypes.includes('code') !== grantTypes.includes(GRANT_TYPE.authorizationCode)) {
    throw invalidClientMetadata('response_types must have code if, and only if, grant_types has authorization_code');
  }
}
