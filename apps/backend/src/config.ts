import { serverVariables, variables } from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, databaseUrl, names, seconds, secretKeys } = variables;

/** The backend's configuration, from environment variables. */
export const configSchema = z.object({
  ...serverVariables,
  PUBLIC_URL: baseUrl().describe('URL at which clients reach the backend; also its resource identifier (RFC 8707)'),
  ISSUER: baseUrl().describe('The provider whose tokens are accepted, by its issuer identifier'),
  CLIENT_ID: z.string().describe('The backend as a client of the provider'),
  CLIENT_SECRET: z.string().describe('Secret of that client'),
  USER_CLIENTS: names()
    .refine((clients) => clients.length > 0, 'must name at least one client')
    .describe('Clients whose users may come in, separated by commas; tokens of any other are refused on user routes'),
  DATABASE_URL: databaseUrl().describe('PostgreSQL database of the backend'),
  DPOP_NONCE_KEY: secretKeys()
    .optional()
    .describe(
      'Makes the nonces of DPoP proofs: 32 random bytes, base64url; of several, the first; without it there are none',
    ),
  DPOP_NONCE: z
    .enum(['required', 'offered'], 'must be required or offered')
    .default('offered')
    .describe('Whether DPoP proofs must have a nonce of the backend (RFC 9449 §9); needs `DPOP_NONCE_KEY`'),
  REVOCATION_KEPT_SECONDS: seconds()
    .default(86_400)
    .describe('How long a revocation is remembered; at least as long as any access token for the backend lives'),
  REVOCATION_FRESH_SECONDS: seconds()
    .default(40)
    .describe(
      'After so long without a word of the provider the list of revocations is stale; longer than it holds a poll',
    ),
  REVOCATION_STALE_SECONDS: seconds()
    .default(300)
    .describe('How long reads go on with a stale list; writes, and reads after that, ask the provider (RFC 7662)'),
});

export type BackendConfig = z.output<typeof configSchema>;

/** Injection token of the configuration; ask for the slice you need: `Pick<BackendConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');

/** The resource identifier of the provider's own API: accounts and the directory. */
export const accountApiIdentifier = (config: Pick<BackendConfig, 'ISSUER'>): string => `${config.ISSUER}/api`;
