import { type DynamicModule, Module } from '@nestjs/common';
import { resourceServerContradictions, resourceServerVariables } from '@trefoil/resource-server';
import { type Contradiction, variables, withClientAuthentication, withoutContradictions } from '@trefoil/server-kit';
import { z } from 'zod';

const schema = z.object({
  ...resourceServerVariables('backend'),
  ACCOUNT_SOURCE: z
    .enum(
      ['account-api', 'userinfo', 'userinfo-exchange', 'token'],
      'must be account-api, userinfo, userinfo-exchange or token',
    )
    .default('account-api')
    .describe(
      "Where the account of a user comes from: `account-api`, the provider's own API; `userinfo` (OpenID Connect Core §5.3) with the user's token; `userinfo-exchange`, with a token exchanged for it (RFC 8693); or `token`, the claims of the user's token",
    ),
  ACCOUNT_AUDIENCE: variables
    .identifier()
    .optional()
    .describe(
      'The API that `ACCOUNT_SOURCE=userinfo-exchange` exchanges the token for, if the provider needs its name',
    ),
});

type Schema = z.output<typeof schema>;

const contradictions = (given: Schema): readonly Contradiction<Schema>[] => [
  ...resourceServerContradictions(given),
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
