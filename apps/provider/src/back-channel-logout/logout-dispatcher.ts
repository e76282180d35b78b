import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import { LogoutDeliveries } from '../sessions/logout-deliveries.js';
import type { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { EventNotifications } from '../security-events/notifications/event-notifications.js';
import { LogoutSender } from './logout-sender.js';

/** How many logout tokens a replica sends at the same time. */
const MAX_CONCURRENT = 20;
/** Longer than an attempt can take. When a replica stops during an attempt, another one takes over after this time. */
const LEASE_SECONDS = 15;

/**
 * Sends the due logout tokens: at once after any replica has ended a session, and again after failed attempts or when
 * another replica stopped. One replica at a time sends each token. A client that does not respond delays no other.
 */
@Injectable()
export class LogoutDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LogoutDispatcher.name);
  private stopListening: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private readonly sending = new Set<Promise<void>>();
  private isWoken = false;
  private isStopping = false;

  constructor(
    private readonly deliveries: LogoutDeliveries,
    private readonly sender: LogoutSender,
    private readonly notifications: EventNotifications,
  ) {}

  onApplicationBootstrap(): void {
    this.deliveries.onScheduled(() => this.wake());
    this.stopListening = this.notifications.on(() => this.wake());
  }

  /** Stops, and waits for tokens that are being sent while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.stopListening?.();
    await this.running;
    await Promise.all(this.sending);
  }

  private wake(): void {
    this.isWoken = true;
    if (this.isStopping) return;
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    while (this.isWoken && !this.isStopping) {
      this.isWoken = false;
      try {
        await this.sendDue();
      } catch (error) {
        // The database is down. Due tokens stay due.
        this.logger.warn(`Due logout tokens cannot be read: ${describeError(error)}`);
      }
    }
  }

  /** Starts to send due tokens, up to the limit. A slow client occupies only its own place. */
  private async sendDue(): Promise<void> {
    while (!this.isStopping && this.sending.size < MAX_CONCURRENT) {
      const due = await this.deliveries.takeDue(MAX_CONCURRENT - this.sending.size, LEASE_SECONDS);
      if (due.length === 0) return;
      for (const delivery of due) this.start(delivery);
    }
  }

  private start(delivery: LogoutDelivery): void {
    const sending = this.sender
      .send(delivery)
      .catch((error: unknown) => this.logger.warn(`A logout token will be sent again later: ${describeError(error)}`))
      .finally(() => {
        const wasFull = this.sending.size === MAX_CONCURRENT;
        this.sending.delete(sending);
        if (wasFull) this.wake();
      });
    this.sending.add(sending);
  }
}
