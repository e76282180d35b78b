import { Module } from '@nestjs/common';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { ClientsModule } from '../clients.module.js';
import { DynamicRegistration } from './dynamic-registration.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationTokensModule } from './registration-tokens.module.js';

/** Registers clients dynamically at `/register` (RFC 7591, RFC 7592). */
@Module({
  imports: [RegistrationTokensModule, ClientsModule, ResourceServersModule, SecurityEventsModule],
  controllers: [RegistrationController],
  providers: [DynamicRegistration],
})
export class ClientRegistrationModule {}
