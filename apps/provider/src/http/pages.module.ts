import { type DynamicModule, Module } from '@nestjs/common';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import type { ProviderConfig } from '../config.js';
import { StyleSheetController } from './style-sheet.controller.js';

/** Provides the parts that the pages of every feature share: the origin that their forms must come from, and the style sheet. */
@Module({})
export class PagesModule {
  static with(config: Pick<ProviderConfig, 'ISSUER'>): DynamicModule {
    return {
      module: PagesModule,
      global: true,
      controllers: [StyleSheetController],
      providers: [{ provide: PAGE_ORIGIN, useValue: new URL(config.ISSUER).origin }],
      exports: [PAGE_ORIGIN],
    };
  }
}
