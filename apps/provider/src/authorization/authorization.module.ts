import { Module } from '@nestjs/common';
import { ClientAuthenticationModule } from '../clients/authentication/client-authentication.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ClientMetadataDocumentsModule } from '../clients/metadata-documents/client-metadata-documents.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DpopModule } from '../token/dpop/dpop.module.js';
import { AuthorizeController } from './authorize.controller.js';
import { ConsentController } from './consent/consent.controller.js';
import { InteractionModule } from './interaction/interaction.module.js';
import { ParController } from './par.controller.js';
import { AuthorizationRequestReader } from './request/authorization-request-reader.js';
import { PushedRequests } from './request/pushed-requests.js';
import { RequestObjectReader } from './request/request-object-reader.js';
import { AuthorizationResponder } from './response/authorization-responder.js';
import { CodeIssuer } from './response/code-issuer.js';

/** Serves `/authorize`, `/par` and the consent page. */
@Module({
  imports: [
    InteractionModule,
    ClientsModule,
    ClientMetadataDocumentsModule,
    ClientAuthenticationModule,
    ResourceServersModule,
    SessionsModule,
    GrantsModule,
    KeysModule,
    SecurityEventsModule,
    DpopModule,
  ],
  controllers: [AuthorizeController, ParController, ConsentController],
  providers: [AuthorizationRequestReader, RequestObjectReader, PushedRequests, CodeIssuer, AuthorizationResponder],
})
export class AuthorizationModule {}
