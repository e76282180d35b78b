import type { Provider, Type } from '@nestjs/common';
import { DeviceCodeGrant } from '../device/device-code.grant.js';
import { AuthorizationCodeGrant } from './authorization-code.grant.js';
import { ClientCredentialsGrant } from './client-credentials.grant.js';
import type { GrantType } from './issuance/grant-type.js';
import { RefreshTokenGrant } from './refresh-token.grant.js';
import { TokenExchangeGrant } from './token-exchange.grant.js';

/** The grant types whose handlers live in this folder. */
const OWN: readonly Type<GrantType>[] = [
  AuthorizationCodeGrant,
  RefreshTokenGrant,
  ClientCredentialsGrant,
  TokenExchangeGrant,
];

/** Every grant type on offer, in the order in which the metadata lists them; a new one is its file and a line here. */
const OFFERED: readonly Type<GrantType>[] = [...OWN, DeviceCodeGrant];

/** Injection token of the grant types on offer (`readonly GrantType[]`). */
export const GRANT_TYPES = Symbol('GRANT_TYPES');

/** Provides the handlers of this folder and the list of all; the module of another feature exports its handler. */
export const grantTypeProviders: Provider[] = [
  ...OWN,
  { provide: GRANT_TYPES, useFactory: (...grantTypes: GrantType[]) => grantTypes, inject: [...OFFERED] },
];
