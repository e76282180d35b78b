import { tokenContradictions, tokenVariables } from '@trefoil/guards';
import {
  clientVariables,
  type Contradiction,
  databaseVariables,
  providerVariables,
  serverVariables,
  stateVariables,
  variables,
  withClientAuthentication,
  withoutContradictions,
} from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, mtlsUrl, names, seconds, secretKeys } = variables;

/**
 * Returns the environment variables of every resource server, for apps that have further ones.
 *
 * @param name the name of the app in the descriptions.
 */
export const resourceServerVariables = (name: string) => ({
  ...serverVariables,
  PUBLIC_URL: baseUrl().describe(`URL at which clients reach the ${name}; also its resource identifier (RFC 8707)`),
  ...providerVariables,
  ...clientVariables,
  MTLS_URL: mtlsUrl()
    .optional()
    .describe('URL at which clients reach the listener that asks for certificates; DPoP proofs may name it'),
  PROVIDER_MTLS_URL: mtlsUrl()
    .optional()
    .describe(
      'URL at which the provider asks for client certificates, for its API and its event streams; that of `ISSUER` when it is not set',
    ),
  USER_CLIENTS: names()
    .refine((clients) => clients.length > 0, 'must name at least one client')
    .describe(
      `Ids of the clients whose users may call the ${name}, separated by commas; user routes refuse the tokens of other clients`,
    ),
  ...tokenVariables,
  ...databaseVariables(name),
  ...stateVariables,
  DPOP_NONCE_KEY: secretKeys()
    .optional()
    .describe(
      'Key from which the nonces of DPoP proofs are derived: 32 random bytes, base64url. Of several keys, separated by ' +
        'commas, the first makes new nonces. Without a key there are no nonces',
    ),
  DPOP_NONCE: z
    .enum(['required', 'offered'], 'must be required or offered')
    .default('offered')
    .describe(`Whether DPoP proofs must contain a nonce of the ${name} (RFC 9449 §9); needs \`DPOP_NONCE_KEY\``),
  REVOCATION_KEPT_SECONDS: seconds()
    .default(3600)
    .describe(
      `How long a revocation is kept, in seconds; must be the longest lifetime of an access token for the ${name}, because ` +
        'tokens with a longer lifetime are introspected for every request',
    ),
  REVOCATION_FRESH_SECONDS: seconds()
    .default(40)
    .describe(
      'Seconds without an answer from the provider after which the revocation list is stale; must be longer than the ' +
        'provider holds a poll open',
    ),
  REVOCATION_STALE_SECONDS: seconds()
    .default(300)
    .describe(
      'Seconds for which reads are allowed with a stale revocation list; writes, and reads after that time, ask the ' +
        'provider (RFC 7662)',
    ),
  STREAM_IDLE_SECONDS: seconds()
    .default(30)
    .describe('Seconds after which a stream of an answer is reset when its reader takes nothing'),
});

type Variables = z.output<z.ZodObject<ReturnType<typeof resourceServerVariables>>>;

/** Returns the rules about several variables that hold for every resource server. */
export const resourceServerContradictions = (given: Variables): readonly Contradiction<Variables>[] => [
  ...tokenContradictions(given),
  [
    'PROVIDER_MTLS_URL',
    given.PROVIDER_MTLS_URL !== undefined && given.ISSUER_INTERNAL_URL !== undefined,
    'and ISSUER_INTERNAL_URL must not both be set: each is the address at which the server calls the provider',
  ],
  [
    'RESOURCE_PARAMETER',
    given.RESOURCE_PARAMETER === 'none' && given.REVOCATION_SOURCE === 'stream',
    'must not be none with REVOCATION_SOURCE=stream, which needs tokens for another API',
  ],
];

/**
 * Returns the schema of the configuration of a resource server, from environment variables.
 *
 * @param name the name of the app in the descriptions.
 */
export const resourceServerSchema = (name: string) =>
  withoutContradictions(
    withClientAuthentication(z.object(resourceServerVariables(name))),
    resourceServerContradictions,
  );

/** The configuration of a resource server. */
export type ResourceServerConfig = z.output<ReturnType<typeof resourceServerSchema>>;
