import type { Provider } from '@nestjs/common';
import type { AuthenticationMethod } from './authentication-method.js';
import { ClientSecretBasic } from './client-secret-basic.js';
import { ClientSecretCheck } from './client-secret-check.js';
import { ClientSecretPost } from './client-secret-post.js';
import { None } from './none.js';
import { PrivateKeyJwt } from './private-key-jwt.js';

/** Every way a client may authenticate; `tls_client_auth` and `self_signed_tls_client_auth` come before `none`. */
const OFFERED = [ClientSecretBasic, ClientSecretPost, PrivateKeyJwt, None] as const;

/** Injection token of the offered methods (`readonly AuthenticationMethod[]`). */
export const AUTHENTICATION_METHODS = Symbol('AUTHENTICATION_METHODS');

/** What Nest needs to build the methods. */
export const authenticationMethodProviders: Provider[] = [
  ClientSecretCheck,
  ...OFFERED,
  {
    provide: AUTHENTICATION_METHODS,
    useFactory: (...methods: AuthenticationMethod[]) => methods,
    inject: [...OFFERED],
  },
];
