import type { Provider } from '@nestjs/common';
import type { AuthenticationMethod } from './authentication-method.js';
import { ClientSecretBasic } from './client-secret-basic.js';
import { ClientSecretCheck } from './client-secret-check.js';
import { ClientSecretPost } from './client-secret-post.js';
import { None } from './none.js';
import { PrivateKeyJwt } from './private-key-jwt.js';
import { SelfSignedTlsClientAuth } from './self-signed-tls-client-auth.js';
import { TlsClientAuth } from './tls-client-auth.js';

/** Every supported method. A new method is added here, before `none`, and to the security profiles that allow it. */
const METHODS = [
  ClientSecretBasic,
  ClientSecretPost,
  PrivateKeyJwt,
  TlsClientAuth,
  SelfSignedTlsClientAuth,
  None,
] as const;

/** The injection token of the methods (`readonly AuthenticationMethod[]`). */
export const AUTHENTICATION_METHODS = Symbol('AUTHENTICATION_METHODS');

/** The Nest providers of the methods and their list. */
export const authenticationMethodProviders: Provider[] = [
  ClientSecretCheck,
  ...METHODS,
  {
    provide: AUTHENTICATION_METHODS,
    useFactory: (...methods: AuthenticationMethod[]) => methods,
    inject: [...METHODS],
  },
];
