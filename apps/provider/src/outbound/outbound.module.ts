import { Global, Module } from '@nestjs/common';
import { OutboundFetcher } from './outbound-fetcher.js';

/** The way out to what clients publish. */
@Global()
@Module({ providers: [OutboundFetcher], exports: [OutboundFetcher] })
export class OutboundModule {}
