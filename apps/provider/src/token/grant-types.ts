import type { Provider, Type } from '@nestjs/common';
import { DeviceCodeGrant } from '../device/device-code.grant.js';
import { AuthorizationCodeGrant } from './authorization-code.grant.js';
import { ClientCredentialsGrant } from './client-credentials.grant.js';
import type { GrantType } from './issuance/grant-type.js';
import { RefreshTokenGrant } from './refresh-token.grant.js';
import { TokenExchangeGrant } from './token-exchange.grant.js';

/** The handlers in this folder. */
const OWN: readonly Type<GrantType>[] = [
  AuthorizationCodeGrant,
  RefreshTokenGrant,
  ClientCredentialsGrant,
  TokenExchangeGrant,
];

/**
 * All supported grant types, in the order in which the metadata lists them. A new one is one file and one line here.
 */
const OFFERED: readonly Type<GrantType>[] = [...OWN, DeviceCodeGrant];

/** Injection token of the supported grant types (`readonly GrantType[]`). */
export const GRANT_TYPES = Symbol('GRANT_TYPES');

/** Provides the handlers in this folder and the list of all. The module of another feature exports its own handler. */
export const grantTypeProviders: Provider[] = [
  ...OWN,
  { provide: GRANT_TYPES, useFactory: (...grantTypes: GrantType[]) => grantTypes, inject: [...OFFERED] },
];
