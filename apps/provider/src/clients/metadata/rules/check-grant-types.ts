import { GRANT_TYPE, invalidClientMetadata } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

const NEVER_OFFERED: readonly string[] = ['implicit', 'password'];

/** Token exchange is for resource servers, which are not registered by themselves: what they may exchange is policy. */
const BY_ADMINISTRATORS: readonly string[] = [GRANT_TYPE.tokenExchange];

/**
 * Each grant type must be one that is offered, and `response_types` must fit (RFC 7591 §2.1): `code` is the only one,
 * and belongs to `authorization_code`. Unnamed, that is what a client gets.
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
    throw invalidClientMetadata('grant_types has refresh_token, and none that gives such a token');
  }
  if (metadata.response_types) checkResponseTypes(metadata.response_types, grantTypes);
  return { grantTypes };
}

function checkGrantType(name: string, offered: readonly string[], byAdministrator: boolean): void {
  if (NEVER_OFFERED.includes(name)) {
    throw invalidClientMetadata(`grant_types: ${name} is never offered, use authorization_code (OAuth 2.1 section 10)`);
  }
  if (BY_ADMINISTRATORS.includes(name) && !byAdministrator) {
    throw invalidClientMetadata('grant_types: token exchange is opened to a client by an administrator only');
  }
  if (!offered.includes(name)) throw invalidClientMetadata('grant_types has one that is not offered');
}

function checkResponseTypes(responseTypes: readonly string[], grantTypes: readonly string[]): void {
  if (responseTypes.some((responseType) => responseType !== 'code')) {
    throw invalidClientMetadata(
      'response_types: only code is offered, nothing implicit or hybrid (OAuth 2.1 section 10)',
    );
  }
  if (responseTypes.includes('code') !== grantTypes.includes(GRANT_TYPE.authorizationCode)) {
    throw invalidClientMetadata('response_types must have code if, and only if, grant_types has authorization_code');
  }
}
