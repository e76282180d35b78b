import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { NDJSON_STREAM_OPTIONS, type NdjsonStreamOptions, NdjsonStreams } from './ndjson-streams.js';

/** Provides `NdjsonStreams` to every module of the app, so that all routes share the limits. */
@Module({})
export class NdjsonModule {
  /** @param setup the factory of the limits. */
  static forRootAsync(setup: Pick<FactoryProvider<NdjsonStreamOptions>, 'inject' | 'useFactory'>): DynamicModule {
    const providers = [{ provide: NDJSON_STREAM_OPTIONS, ...setup }, NdjsonStreams];
    return { module: NdjsonModule, global: true, providers, exports: [NdjsonStreams] };
  }
}
