import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clients } from '../clients.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';

/** Removes clients from memory at once when another replica or a command has disabled a client or revoked its tokens. */
@Injectable()
export class ClientCacheInvalidation implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopListening = () => {};

  constructor(
    private readonly clients: Clients,
    private readonly notifications: EventNotifications,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.notifications.on(() => this.clients.forgetAll());
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }
}
