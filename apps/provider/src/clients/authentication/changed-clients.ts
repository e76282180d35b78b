import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clients } from '../clients.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';

/** Has this replica know at once of clients that were disabled, or whose tokens were revoked, elsewhere. */
@Injectable()
export class ChangedClients implements OnApplicationBootstrap, OnApplicationShutdown {
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
