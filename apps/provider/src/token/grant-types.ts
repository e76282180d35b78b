import type { Provider } from '@nestjs/common';
import { AuthorizationCode } from './authorization-code.grant.js';
import { ClientCredentials } from './client-credentials.grant.js';
import { DeviceCode } from '../device/device-code.grant.js';
import type { GrantType } from './issuance/grant-type.js';
import { RefreshToken } from './refresh-token.grant.js';
import { TokenExchange } from './token-exchange.grant.js';
import { UserTokens } from './issuance/user-tokens.js';

/** Every grant type the token endpoint offers; a new one is its file and a line here. */
const OFFERED = [AuthorizationCode, RefreshToken, ClientCredentials, TokenExchange, DeviceCode] as const;

/** Injection token of the offered grant types (`readonly GrantType[]`). */
export const GRANT_TYPES = Symbol('GRANT_TYPES');

/** What Nest needs to build the grant types. */
export const grantTypeProviders: Provider[] = [
  UserTokens,
  ...OFFERED,
  { provide: GRANT_TYPES, useFactory: (...grantTypes: GrantType[]) => grantTypes, inject: [...OFFERED] },
];
