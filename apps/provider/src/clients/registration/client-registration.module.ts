import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { ClientsModule } from '../clients.module.js';
import { DynamicRegistration } from './dynamic-registration.js';
import { InitialAccessToken } from './initial-access-token.entity.js';
import { InitialAccessTokens } from './initial-access-tokens.js';
import { RegistrationController } from './registration.controller.js';

/** Registers clients dynamically at `/register` (RFC 7591, RFC 7592). */
@Module({
  imports: [TypeOrmModule.forFeature([InitialAccessToken]), ClientsModule, ResourceServersModule, SecurityEventsModule],
  controllers: [RegistrationController],
  providers: [DynamicRegistration, InitialAccessTokens],
})
export class ClientRegistrationModule {}
