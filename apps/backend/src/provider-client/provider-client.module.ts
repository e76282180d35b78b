import { Module } from '@nestjs/common';
import { Directory } from './directory.js';
import { ProviderClient } from './provider-client.js';
import { UserInfo } from './userinfo.js';

/** Provides the backend as a caller of the provider's own API. */
@Module({ providers: [ProviderClient, UserInfo, Directory], exports: [ProviderClient, UserInfo, Directory] })
export class ProviderClientModule {}
