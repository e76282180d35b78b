import { Module } from '@nestjs/common';
import { Directory } from './directory.js';
import { ProviderClient } from './provider-client.js';

/** Provides the backend as a caller of the provider's own API. */
@Module({ providers: [ProviderClient, Directory], exports: [ProviderClient, Directory] })
export class ProviderClientModule {}
