import { type DynamicModule, Module } from '@nestjs/common';
import { resourceServerSchema } from '@trefoil/resource-server';
import type { z } from 'zod';

/** The backend's configuration, from environment variables. */
export const configSchema = resourceServerSchema('backend');

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
export const accountApiIdentifier = (config: Pick<BackendConfig, 'ISSUER'>): string => `${config.ISSUER}/api`;
