import { serverVariables, variables } from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, databaseUrl, names, secretKeys, seconds } = variables;

/** The provider's configuration, from environment variables. */
export const configSchema = z.object({
  ...serverVariables,
  ISSUER: baseUrl().describe('The issuer identifier: the URL at which everybody reaches the provider (RFC 8414 §2)'),
  DATABASE_URL: databaseUrl().describe('PostgreSQL database of the provider'),
  ENCRYPTION_KEY: secretKeys().describe(
    'Encrypts signing keys at rest: 32 random bytes, base64url; of several, separated by commas, the first encrypts',
  ),
  GRANT_KEY: secretKeys().describe(
    'Authenticates codes and refresh tokens: 32 random bytes, base64url; of several, the first makes new ones',
  ),
  SIGNING_KEY_LIFETIME: seconds()
    .default(90 * 24 * 3600)
    .describe('Seconds for which a key signs before the next one does'),
  JWKS_MAX_AGE: seconds()
    .default(300)
    .describe('Seconds for which `/jwks` may be cached; a new key is published three times as long before it signs'),
  CODE_LIFETIME: seconds().default(60).describe('Seconds an authorization code can be redeemed'),
  ID_TOKEN_LIFETIME: seconds().default(600).describe('Seconds an ID token is valid'),
  PAR_LIFETIME: seconds().default(90).describe('Seconds in which a pushed authorization request can be used'),
  PUBLIC_PUSHES_PER_ADDRESS: z.coerce
    .number()
    .int()
    .positive()
    .default(120)
    .describe('Requests that public clients may push from one address within a minute'),
  SIGN_IN_LIFETIME: seconds().default(600).describe('Seconds a person has to sign in and consent'),
  SESSION_LIFETIME: seconds()
    .default(7 * 24 * 3600)
    .describe('Seconds a sign-in session lasts'),
  REFRESH_TOKEN_LIFETIME: seconds()
    .default(30 * 24 * 3600)
    .describe('Seconds a grant with `offline_access` can be refreshed'),
  REFRESH_GRACE_PERIOD: seconds()
    .default(10)
    .describe('Seconds in which a retry with the previous refresh token gets the same successor'),
  DPOP_NONCE: z
    .enum(['required', 'offered'], 'must be required or offered')
    .default('offered')
    .describe('Whether DPoP proofs must have a nonce of the provider (RFC 9449 §8)'),
  OUTBOUND_ALLOWED_ORIGINS: names()
    .default([])
    .describe('Origins where `jwks_uri` and the like of clients may also be http or private, for development'),
  CLIENT_ID_METADATA_DOCUMENTS: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true')
    .describe('Whether a client may be identified by the URL of its metadata, without registration'),
  SECURITY_EVENT_RETENTION: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1)
    .default(400)
    .describe('Days for which security events are kept; they go by whole months'),
  USAGE_RETENTION: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1)
    .default(90)
    .describe('Days for which the usage of clients and users is kept'),
  DEVICE_CODE_LIFETIME: seconds().default(600).describe('Seconds a person has to answer for a device'),
  DEVICE_ATTEMPTS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .positive()
    .default(20)
    .describe('Codes of devices that one address may mistype in 15 minutes before it has to wait'),
  LOGOUT_DELIVERY_PERIOD: seconds()
    .default(24 * 3600)
    .describe('Seconds for which a client that does not take a logout token is sent it again'),
  STREAMS_PER_CLIENT: z.coerce
    .number()
    .int()
    .positive()
    .default(4)
    .describe('Event streams that one receiver may have (SSF 1.0 §8.1.1.1)'),
  STREAM_POLL_WAIT: seconds().default(25).describe('Seconds for which a poll is held while there is nothing to tell'),
  STREAM_VERIFICATION_INTERVAL: seconds()
    .default(10)
    .describe('Seconds between two verification events that a receiver may ask for on a stream'),
  STREAM_INACTIVITY_TIMEOUT: seconds()
    .default(7 * 24 * 3600)
    .describe('Seconds after which a stream is paused that nobody polls, or whose receiver takes nothing'),
  SIGN_IN_ATTEMPTS_PER_ACCOUNT: z.coerce
    .number()
    .int()
    .positive()
    .default(10)
    .describe('Failed sign-ins of one account in 15 minutes before it has to wait'),
  SIGN_IN_ATTEMPTS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .positive()
    .default(100)
    .describe('Failed sign-ins from one address in 15 minutes before it has to wait'),
});

export type ProviderConfig = z.output<typeof configSchema>;

/** Injection token of the configuration; ask for the slice you need: `Pick<ProviderConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');

/** The resource identifier of the provider's own API, to which userinfo belongs too. */
export const accountApiIdentifier = (config: Pick<ProviderConfig, 'ISSUER'>): string => `${config.ISSUER}/api`;
