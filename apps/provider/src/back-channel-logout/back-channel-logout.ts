import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LogoutDeliveries } from '../sessions/logout-deliveries.js';
import type { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { WakeUps } from '../security-events/wake-ups/wake-ups.js';
import { LogoutSender } from './logout-sender.js';

const AT_ONCE = 20;
/** Longer than an attempt can take; a replica that ends in the middle of one leaves it to another after this. */
const LEASE_SECONDS = 15;

/**
 * Tells clients that a session has ended: at once, wherever that was recorded, and again what another replica left over.
 * Each delivery is one replica's at a time; a client that is down holds up nobody else.
 */
@Injectable()
export class BackChannelLogout implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BackChannelLogout.name);
  private stopListening: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private readonly sending = new Set<Promise<void>>();
  private isWoken = false;
  private isStopping = false;

  constructor(
    private readonly deliveries: LogoutDeliveries,
    private readonly sender: LogoutSender,
    private readonly wakeUps: WakeUps,
  ) {}

  onApplicationBootstrap(): void {
    this.deliveries.onScheduled(() => this.wake());
    this.stopListening = this.wakeUps.on(() => this.wake());
  }

  /** Waits for what is being sent; the database is still there. */
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
        // The database is down; what is due stays due.
        this.logger.warn(`Logout tokens wait: ${String(error)}`);
      }
    }
  }

  /** Starts what is due, as far as there is room; what is slow keeps only its own place. */
  private async sendDue(): Promise<void> {
    while (!this.isStopping && this.sending.size < AT_ONCE) {
      const due = await this.deliveries.takeDue(AT_ONCE - this.sending.size, LEASE_SECONDS);
      if (due.length === 0) return;
      for (const delivery of due) this.start(delivery);
    }
  }

  private start(delivery: LogoutDelivery): void {
    const sending = this.sender
      .send(delivery)
      .catch((error: unknown) => this.logger.warn(`A logout token is tried again later: ${String(error)}`))
      .finally(() => {
        const wasFull = this.sending.size === AT_ONCE;
        this.sending.delete(sending);
        if (wasFull) this.wake();
      });
    this.sending.add(sending);
  }
}
