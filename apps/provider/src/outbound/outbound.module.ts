import { Global, Module } from '@nestjs/common';
import { OutboundFetcher } from './outbound-fetcher.js';

/** Provides the fetcher for the addresses that clients register, to every module. */
@Global()
@Module({ providers: [OutboundFetcher], exports: [OutboundFetcher] })
export class OutboundModule {}
