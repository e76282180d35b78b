import { isLoopbackHost } from '@trefoil/oauth-protocol';
import {
  clientVariables,
  serverVariables,
  stateVariables,
  variables,
  withClientAuthentication,
} from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, databaseUrl, mtlsUrl, seconds, secretKeys } = variables;

/** Returns whether a URL is private: https, or http on loopback. */
const isPrivate = (url: string): boolean => url.startsWith('https:') || isLoopbackHost(new URL(url).hostname);

// zod also calls refinements for texts that are not URLs. For those, `baseUrl` has reported the problem already.
const privateUrl = () =>
  baseUrl().refine((url) => !URL.canParse(url) || isPrivate(url), 'must be an https URL, except on localhost');

/** A limit, which can be changed and not removed. */
const limit = (points: number) =>
  z.coerce.number('must be a number').int('must be a whole number').positive().default(points);

const schema = z.object({
  ...serverVariables,
  PUBLIC_URL: privateUrl()
    .refine((url) => !URL.canParse(url) || new URL(url).origin === url, 'must be an origin, without a path')
    .describe(
      'URL at which browsers reach the frontend: an origin without a path. The redirect URI is this URL with `/callback`',
    ),
  ISSUER: privateUrl().describe('Issuer identifier of the provider with which users sign in'),
  ...clientVariables,
  BACKEND_URL: privateUrl().describe('URL of the backend, and its resource identifier (RFC 8707)'),
  BACKEND_MTLS_URL: mtlsUrl()
    .optional()
    .describe('URL at which the backend asks for client certificates; that of `BACKEND_URL` when it is not set'),
  DATABASE_URL: databaseUrl().describe(
    'URL of the PostgreSQL database of the frontend, which has the sessions when there is no Redis',
  ),
  ...stateVariables,
  ENCRYPTION_KEY: secretKeys().describe(
    'Key that encrypts stored sessions and tokens: 32 random bytes, base64url. Several keys are separated by commas: the first encrypts, all decrypt',
  ),
  SESSION_IDLE_SECONDS: seconds()
    .default(8 * 60 * 60)
    .describe('Number of seconds without a request after which a session ends'),
  SESSION_LIFETIME_SECONDS: seconds()
    .default(7 * 24 * 60 * 60)
    .describe('Number of seconds after the sign-in at which a session ends, even if it is in use'),
  SIGN_INS_PER_ADDRESS: limit(300).describe('Sign-ins that one address may start in a minute'),
  KEPT_FORMS_PER_ADDRESS: limit(60).describe(
    'Submitted forms of one address that are kept in an hour because their session has ended. The text of further forms stays in the page',
  ),
  DOWNLOAD_IDLE_SECONDS: seconds()
    .default(30)
    .describe('Seconds after which a download is reset when its reader takes nothing'),
});

/** The schema of the frontend's environment variables. */
export const configSchema = withClientAuthentication(schema);

export type FrontendConfig = z.output<typeof configSchema>;

/** Injection token of the configuration. Inject only the part that you need: `Pick<FrontendConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');
