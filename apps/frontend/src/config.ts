import { isLoopbackHost } from '@trefoil/oauth-protocol';
import { serverVariables, variables } from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, databaseUrl, seconds, secretKeys } = variables;

/** Whether what is sent to a URL cannot be read on the way: https, or http that never leaves this machine. */
const isPrivate = (url: string): boolean => url.startsWith('https:') || isLoopbackHost(new URL(url).hostname);

// zod refines what is no URL at all, too; that has been said already.
const privateUrl = () =>
  baseUrl().refine((url) => !URL.canParse(url) || isPrivate(url), 'must be an https URL, except on localhost');

/** The frontend's configuration, from environment variables. */
export const configSchema = z.object({
  ...serverVariables,
  PUBLIC_URL: privateUrl()
    .refine((url) => !URL.canParse(url) || new URL(url).origin === url, 'must be an origin, without a path')
    .describe('URL at which browsers reach the frontend; its redirect URI is `/callback` under it'),
  ISSUER: privateUrl().describe('The provider people sign in with, by its issuer identifier'),
  CLIENT_ID: z.string().describe('The frontend as a client of the provider'),
  CLIENT_SECRET: z.string().describe('Secret of that client'),
  BACKEND_URL: privateUrl().describe('The backend; also its resource identifier (RFC 8707)'),
  DATABASE_URL: databaseUrl().describe('PostgreSQL database of the sessions'),
  ENCRYPTION_KEY: secretKeys().describe(
    'Encrypts what a session holds, tokens above all: 32 random bytes, base64url; of several, the first encrypts',
  ),
  SESSION_IDLE_SECONDS: seconds()
    .default(8 * 60 * 60)
    .describe('A session ends after this long without a request'),
  SESSION_LIFETIME_SECONDS: seconds()
    .default(7 * 24 * 60 * 60)
    .describe('A session ends this long after signing in, used or not'),
});

export type FrontendConfig = z.output<typeof configSchema>;

/** Injection token of the configuration; ask for the slice you need: `Pick<FrontendConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');
