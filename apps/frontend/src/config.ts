import { type DynamicModule, Module } from '@nestjs/common';
import { type Contradiction, variables, withClientAuthentication, withoutContradictions } from '@trefoil/server-kit';
import { webServerContradictions, webServerVariables } from '@trefoil/web-server';
import { z } from 'zod';

const { baseUrl, identifier, mtlsUrl } = variables;

/** The name of the backend in the table of APIs. */
export const BACKEND = 'backend';

const schema = z.object({
  ...webServerVariables('frontend', [BACKEND]),
  BACKEND_URL: baseUrl().describe('URL of the backend, and its resource identifier (RFC 8707)'),
  BACKEND_AUDIENCE: identifier()
    .optional()
    .describe('Identifier of the backend at the provider, such as `api://backend`; `BACKEND_URL` when it is not set'),
  BACKEND_MTLS_URL: mtlsUrl()
    .optional()
    .describe('URL at which the backend asks for client certificates; that of `BACKEND_URL` when it is not set'),
});

type Schema = z.output<typeof schema>;

const contradictions = (given: Schema): readonly Contradiction<Schema>[] => [
  ...webServerContradictions(given, [BACKEND]),
  [
    'BACKEND_AUDIENCE',
    given.RESOURCE_PARAMETER === 'none' && given.BACKEND_AUDIENCE !== undefined,
    'is not sent with RESOURCE_PARAMETER=none. Remove it, or set RESOURCE_PARAMETER to resource or audience',
  ],
];

/** The schema of the frontend's environment variables. */
export const configSchema = withoutContradictions(withClientAuthentication(schema), contradictions);

export type FrontendConfig = z.output<typeof configSchema>;

/** Injection token of the configuration. Inject only the part that you need: `Pick<FrontendConfig, 'BACKEND_URL'>`. */
export const CONFIG = Symbol('CONFIG');

/** Provides {@link CONFIG} to every module. */
@Module({})
export class ConfigModule {
  static with(config: FrontendConfig): DynamicModule {
    const providers = [{ provide: CONFIG, useValue: config }];
    return { module: ConfigModule, global: true, providers, exports: [CONFIG] };
  }
}
