import { type DynamicModule, Module } from '@nestjs/common';
import { tokenContradictions, tokenVariables } from '@trefoil/guards';
import {
  clientVariables,
  type Contradiction,
  providerVariables,
  serverVariables,
  stateVariables,
  variables,
  withClientAuthentication,
  withoutContradictions,
} from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, databaseUrl, mtlsUrl, names, seconds, secretKeys } = variables;

const schema = z.object({
  ...serverVariables,
  PUBLIC_URL: baseUrl().describe('URL at which clients reach the backend; also its resource identifier (RFC 8707)'),
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
      'Ids of the clients whose users may call the backend, separated by commas; user routes refuse the tokens of other clients',
    ),
  ...tokenVariables,
  ACCOUNT_SOURCE: z
    .enum(
      ['account-api', 'userinfo', 'userinfo-exchange', 'token'],
      'must be account-api, userinfo, userinfo-exchange or token',
    )
    .default('account-api')
    .describe(
      "Where the account of a user comes from: `account-api`, the provider's own API; `userinfo` (OpenID Connect Core §5.3) with the user's token; `userinfo-exchange`, with a token exchanged for it (RFC 8693); or `token`, the claims of the user's token",
    ),
  ACCOUNT_AUDIENCE: z
    .string()
    .optional()
    .describe(
      'The API that `ACCOUNT_SOURCE=userinfo-exchange` exchanges the token for, if the provider needs its name',
    ),
  DATABASE_URL: databaseUrl().describe('URL of the PostgreSQL database of the backend'),
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
    .describe('Whether DPoP proofs must contain a nonce of the backend (RFC 9449 §9); needs `DPOP_NONCE_KEY`'),
  REVOCATION_KEPT_SECONDS: seconds()
    .default(3600)
    .describe(
      'How long a revocation is kept, in seconds; must be the longest lifetime of an access token for the backend, because ' +
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
    .describe('Seconds after which a stream of contacts is reset when its reader takes nothing'),
});

type Schema = z.output<typeof schema>;

const contradictions = (given: Schema): readonly Contradiction<Schema>[] => [
  ...tokenContradictions(given),
  [
    'PROVIDER_MTLS_URL',
    given.PROVIDER_MTLS_URL !== undefined && given.ISSUER_INTERNAL_URL !== undefined,
    'and ISSUER_INTERNAL_URL must not both be set: each is the address at which the backend calls the provider',
  ],
  [
    'ACCOUNT_AUDIENCE',
    given.ACCOUNT_AUDIENCE !== undefined && given.ACCOUNT_SOURCE !== 'userinfo-exchange',
    `has no effect with ACCOUNT_SOURCE=${given.ACCOUNT_SOURCE}. Remove it, or set ACCOUNT_SOURCE=userinfo-exchange`,
  ],
  [
    'ACCOUNT_AUDIENCE',
    given.ACCOUNT_AUDIENCE !== undefined && given.RESOURCE_PARAMETER === 'none',
    'is not sent with RESOURCE_PARAMETER=none. Remove it, or set RESOURCE_PARAMETER to resource or audience',
  ],
  [
    'RESOURCE_PARAMETER',
    given.RESOURCE_PARAMETER === 'none' && given.ACCOUNT_SOURCE === 'account-api',
    'must not be none with ACCOUNT_SOURCE=account-api, which needs tokens for another API',
  ],
  [
    'RESOURCE_PARAMETER',
    given.RESOURCE_PARAMETER === 'none' && given.REVOCATION_SOURCE === 'stream',
    'must not be none with REVOCATION_SOURCE=stream, which needs tokens for another API',
  ],
];

/** The backend's configuration, from environment variables. */
export const configSchema = withoutContradictions(withClientAuthentication(schema), contradictions);

export type BackendConfig = z.output<typeof configSchema>;

/** Injection token of the configuration. Inject only the slice you need: `Pick<BackendConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');

/** Provides {@link CONFIG} to every module. */
@Module({})
export class ConfigModule {
  static with(config: BackendConfig): DynamicModule {
    const providers = [{ provide: CONFIG, useValue: config }];
    return { module: ConfigModule, global: true, providers, exports: [CONFIG] };
  }
}

/** Returns the resource identifier of the provider's own API, which serves accounts and the directory. */
export const accountApiIdentifier = (config: Pick<BackendConfig, 'ISSUER'>): string =>
  `${config.ISSUER.replace(/\/$/, '')}/api`;
