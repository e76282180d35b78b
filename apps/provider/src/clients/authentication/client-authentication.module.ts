import { Module } from '@nestjs/common';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { EventNotificationsModule } from '../../security-events/notifications/event-notifications.module.js';
import { ClientsModule } from '../clients.module.js';
import { ClientMetadataModule } from '../metadata/client-metadata.module.js';
import { authenticationMethodProviders } from './authentication-methods.js';
import { ChangedClients } from './changed-clients.js';
import { ClientAuthentication } from './client-authentication.js';

/** Authenticates clients at the endpoints of the provider. */
@Module({
  imports: [ClientsModule, ClientMetadataModule, SecurityEventsModule, EventNotificationsModule],
  providers: [...authenticationMethodProviders, ClientAuthentication, ChangedClients],
  exports: [ClientAuthentication],
})
export class ClientAuthenticationModule {}
