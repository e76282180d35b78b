import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WakeUps } from '../../security-events/wake-ups/wake-ups.js';
import { Clients } from '../clients.js';

/** Removes clients from memory at once when another replica or a command has disabled a client or revoked its tokens. */
@Injectable()
export class ClientCacheInvalidation implements OnApplicationBootstrap, OnApplicationShutdown {
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
