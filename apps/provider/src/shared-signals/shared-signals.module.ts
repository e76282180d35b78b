import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { EventNotificationsModule } from '../security-events/notifications/event-notifications.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { SsfConfigurationController } from './configuration/ssf-configuration.controller.js';
import { StatusController } from './configuration/status.controller.js';
import { StreamConfigurations } from './configuration/stream-configurations.js';
import { StreamsController } from './configuration/streams.controller.js';
import { VerificationController } from './configuration/verification.controller.js';
import { PollDelivery } from './delivery/poll-delivery.js';
import { PollController } from './delivery/poll.controller.js';
import { PushDelivery } from './delivery/push-delivery.js';
import { PushSender } from './delivery/push-sender.js';
import { SecurityEventTokens } from './delivery/security-event-tokens.js';
import { SignalMetrics } from './delivery/signal-metrics.js';
import { StreamMaintenance } from './streams/stream-maintenance.js';
import { StreamsModule } from './streams/streams.module.js';

/** Delivers security events to resource servers and clients (SSF 1.0). */
@Module({
  imports: [
    StreamsModule,
    ClientsModule,
    ResourceServersModule,
    SessionsModule,
    UsersModule,
    KeysModule,
    EventNotificationsModule,
  ],
  controllers: [
    SsfConfigurationController,
    StreamsController,
    StatusController,
    VerificationController,
    PollController,
  ],
  providers: [
    StreamConfigurations,
    StreamMaintenance,
    SecurityEventTokens,
    PollDelivery,
    PushSender,
    PushDelivery,
    SignalMetrics,
  ],
  exports: [SignalMetrics],
})
export class SharedSignalsModule {}
