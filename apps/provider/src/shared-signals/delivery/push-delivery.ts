import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import type { EventStream } from '../streams/event-stream.entity.js';
import { PushLeases } from '../streams/push-leases.js';
import { retryDelay } from '../../outbound/retry-delay.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';
import { PushSender } from './push-sender.js';
import { type SecurityEventToken, SecurityEventTokens } from './security-event-tokens.js';
import { SignalMetrics } from './signal-metrics.js';

/** Longer than an attempt can take. When a replica stops during an attempt, another one takes over after this time. */
const LEASE_SECONDS = 15;
const EVENTS_PER_QUERY = 20;

/**
 * Pushes the events of streams to their receivers (RFC 8935). One replica at a time pushes a stream, one event after
 * the other, in the order of recording. A failed event delays the events behind it, but no other stream.
 */
@Injectable()
export class PushDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PushDelivery.name);
  private readonly pushing = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private isWoken = false;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly leases: PushLeases,
    private readonly tokens: SecurityEventTokens,
    private readonly sender: PushSender,
    private readonly notifications: EventNotifications,
    private readonly metrics: SignalMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.notifications.on(() => this.wake());
  }

  /** Stops, and waits for events that are being pushed while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening?.();
    await this.running;
    await Promise.all(this.pushing);
  }

  private wake(): void {
    this.isWoken = true;
    if (this.notifications.isStopping) return;
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    while (this.isWoken && !this.notifications.isStopping) {
      this.isWoken = false;
      try {
        await this.pushAll();
      } catch (error) {
        // The database is down. Pending events stay pending.
        this.logger.warn(`Security events cannot be pushed now: ${describeError(error)}`);
      }
    }
  }

  private async pushAll(): Promise<void> {
    let stream = await this.leases.acquire(null, LEASE_SECONDS);
    while (stream) {
      this.start(stream);
      stream = await this.leases.acquire(stream.id, LEASE_SECONDS);
    }
  }

  private start(stream: EventStream): void {
    const pushing = this.push(stream)
      .catch((error: unknown) => this.logger.warn(`Stream ${stream.id} cannot be pushed now: ${describeError(error)}`))
      .finally(() => this.pushing.delete(pushing));
    this.pushing.add(pushing);
  }

  /** Pushes all pending events. Runs again for events that are recorded after its last query and before the release. */
  private async push(stream: EventStream): Promise<void> {
    for (;;) {
      const seen = this.notifications.count;
      const { tokens } = await this.tokens.next(stream, EVENTS_PER_QUERY);
      for (const token of tokens) {
        if (this.notifications.isStopping) return this.leases.release(stream);
        if (!(await this.leases.renew(stream, LEASE_SECONDS)) || !(await this.pushOne(stream, token))) return;
      }
      if (tokens.length > 0) continue;
      await this.tokens.advance(stream);
      await this.leases.release(stream);
      if (this.notifications.count !== seen) this.wake();
      return;
    }
  }

  /** Pushes one event. Returns whether the next one may follow. */
  private async pushOne(stream: EventStream, token: SecurityEventToken): Promise<boolean> {
    const outcome = await this.sender.send(stream, token);
    if (outcome.kind === 'failed') {
      this.metrics.failed('push');
      await this.leases.recordFailure(stream, outcome.reason, retryDelay(stream.attempts + 1));
      this.logger.warn(`Stream ${stream.id}: event ${token.jti} was not delivered: ${outcome.reason}`);
      return false;
    }
    await this.tokens.acknowledge(stream, [token.jti]);
    stream.attempts = 0;
    if (outcome.kind === 'delivered') {
      this.metrics.delivered('push', token.occurredAt);
      await this.leases.recordSuccess(stream, null);
    } else {
      this.metrics.refused('push');
      await this.leases.recordSuccess(stream, outcome.reason);
      this.logger.warn(`Stream ${stream.id}: event ${token.jti} was refused: ${outcome.reason}`);
    }
    return true;
  }
}
