import { serverVariables, variables } from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, databaseUrl, names, secretKey, seconds } = variables;

/** The provider's configuration, from environment variables. */
export const configSchema = z.object({
  ...serverVariables,
  ISSUER: baseUrl().describe('The issuer identifier: the URL at which everybody reaches the provider (RFC 8414 §2)'),
  DATABASE_URL: databaseUrl().describe('PostgreSQL database of the provider'),
  ENCRYPTION_KEY: secretKey().describe('Encrypts signing keys at rest: 32 random bytes, base64url'),
  GRANT_KEY: secretKey().describe('Authenticates codes and refresh tokens: 32 random bytes, base64url'),
  CODE_LIFETIME: seconds().default(60).describe('Seconds an authorization code can be redeemed'),
  ID_TOKEN_LIFETIME: seconds().default(600).describe('Seconds an ID token is valid'),
  PAR_LIFETIME: seconds().default(90).describe('Seconds in which a pushed authorization request can be used'),
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
