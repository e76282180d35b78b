import { Module } from '@nestjs/common';
import { Apis } from './apis.js';

/** The APIs that the frontend calls for its users. */
@Module({ providers: [Apis], exports: [Apis] })
export class ApisModule {}
