import { Module } from '@nestjs/common';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { EventNotificationsModule } from '../../security-events/notifications/event-notifications.module.js';
import { ClientsModule } from '../clients.module.js';
import { ClientMetadataDocumentsModule } from '../metadata-documents/client-metadata-documents.module.js';
import { authenticationMethodProviders } from './authentication-methods.js';
import { ClientAuthentication } from './client-authentication.js';
import { ClientCacheInvalidation } from './client-cache-invalidation.js';

/** Authenticates clients at the endpoints of the provider. */
@Module({
  imports: [ClientsModule, ClientMetadataDocumentsModule, SecurityEventsModule, EventNotificationsModule],
  providers: [...authenticationMethodProviders, ClientAuthentication, ClientCacheInvalidation],
  exports: [ClientAuthentication],
})
export class ClientAuthenticationModule {}
