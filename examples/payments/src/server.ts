import { type DynamicModule, Module } from '@nestjs/common';
import { resourceServerDefinition, ResourceServerModule } from '@trefoil/resource-server';
import type { ServerDefinition } from '@trefoil/server-kit';
import { ChargesModule } from './charges/charges.module.js';
import type { PaymentsConfig } from './config.js';
import { payments } from './payments.js';

/** The payments API: what every resource server has, and the charges. */
@Module({ imports: [ChargesModule] })
class PaymentsModule {
  static with(config: PaymentsConfig): DynamicModule {
    return { module: PaymentsModule, imports: [ResourceServerModule.forRoot(payments, config)] };
  }
}

/** Defines the payments API as a server. */
export const paymentsServer = (config: PaymentsConfig): ServerDefinition =>
  resourceServerDefinition(payments, config, PaymentsModule.with(config));
