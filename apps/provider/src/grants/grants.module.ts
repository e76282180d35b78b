import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { Consent } from './consent.entity.js';
import { Consents } from './consents.js';
import { GrantNetworks } from './grant-networks.js';
import { Grant } from './grant.entity.js';
import { Grants } from './grants.js';
import { RefreshTokens } from './refresh-tokens.js';

/** Keeps grants with their refresh tokens, and the consents of users. */
@Module({
  imports: [TypeOrmModule.forFeature([Grant, Consent]), SecurityEventsModule],
  providers: [Grants, RefreshTokens, GrantNetworks, Consents],
  exports: [Grants, RefreshTokens, GrantNetworks, Consents],
})
export class GrantsModule {}
