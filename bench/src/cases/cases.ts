import type { Case } from './case.js';
import { clientCredentials } from './client-credentials.js';
import { guardedRoute } from './guarded-route.js';
import { introspectJwt, introspectOpaque } from './introspection.js';
import { liveness } from './liveness.js';
import { profile } from './profile.js';
import { refresh } from './refresh.js';
import { signingIn } from './sign-in.js';
import { tokenExchange } from './token-exchange.js';

/** The cases, in the order in which they run and are shown. */
export const cases: readonly Case[] = [
  liveness,
  clientCredentials,
  refresh,
  signingIn,
  introspectOpaque,
  introspectJwt,
  tokenExchange,
  guardedRoute,
  profile,
];
