import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { Consent } from './consent.entity.js';
import { Consents } from './consents.js';
import { GrantNetworks } from './grant-networks.js';
import { Grant } from './grant.entity.js';
import { Grants } from './grants.js';
import { RefreshTokenReader } from './refresh-token-reader.js';
import { RefreshTokenRotation } from './refresh-token-rotation.js';

/** Stores grants, rotates their refresh tokens, and stores the consents of users. */
@Module({
  imports: [TypeOrmModule.forFeature([Grant, Consent]), SecurityEventsModule],
  providers: [Grants, RefreshTokenReader, RefreshTokenRotation, GrantNetworks, Consents],
  exports: [Grants, RefreshTokenReader, RefreshTokenRotation, GrantNetworks, Consents],
})
export class GrantsModule {}
