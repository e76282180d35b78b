import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WakeUps } from '../../security-events/wake-ups/wake-ups.js';
import { Clients } from '../clients.js';

/** Has this replica know at once of clients that were disabled, or whose tokens were revoked, elsewhere. */
@Injectable()
export class ChangedClients implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopListening = () => {};

  constructor(
    private readonly clients: Clients,
    private readonly wakeUps: WakeUps,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.wakeUps.on(() => this.clients.forgetAll());
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }
}
