import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { InitialAccessToken } from './initial-access-token.entity.js';
import { InitialAccessTokens } from './initial-access-tokens.js';
import { RegistrationTokens } from './registration-tokens.js';

/** Keeps the tokens with which clients register themselves. */
@Module({
  imports: [TypeOrmModule.forFeature([InitialAccessToken]), SecurityEventsModule],
  providers: [InitialAccessTokens, RegistrationTokens],
  exports: [InitialAccessTokens, RegistrationTokens],
})
export class RegistrationTokensModule {}
