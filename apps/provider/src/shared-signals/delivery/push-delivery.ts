import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { EventStream } from '../streams/event-stream.entity.js';
import { StreamPushes } from '../streams/stream-pushes.js';
import { retryDelay } from '../../outbound/retry-delay.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';
import { PushSender } from './push-sender.js';
import type { SecurityEventToken } from './security-event-token-issuer.js';
import { SignalMetrics } from './signal-metrics.js';
import { StreamEvents } from './stream-events.js';

/** Longer than an attempt can take; a replica that ends in the middle of one leaves the stream to another after this. */
const LEASE_SECONDS = 15;
const EVENTS_AT_ONCE = 20;

/**
 * Pushes the events of streams to their receivers (RFC 8935): one replica a stream, one event after the other, in the
 * order in which they happened. One that is not taken holds up those behind it; a receiver that is down holds up nobody
 * else.
 */
@Injectable()
export class PushDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PushDelivery.name);
  private readonly pushing = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private isWoken = false;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly pushes: StreamPushes,
    private readonly events: StreamEvents,
    private readonly sender: PushSender,
    private readonly notifications: EventNotifications,
    private readonly metrics: SignalMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.notifications.on(() => this.wake());
  }

  /** Waits for what is being sent; the database is still there. */
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
        // The database is down; what is to be told stays to be told.
        this.logger.warn(`Security events wait: ${String(error)}`);
      }
    }
  }

  private async pushAll(): Promise<void> {
    let stream = await this.pushes.take(null, LEASE_SECONDS);
    while (stream) {
      this.start(stream);
      stream = await this.pushes.take(stream.id, LEASE_SECONDS);
    }
  }

  private start(stream: EventStream): void {
    const pushing = this.push(stream)
      .catch((error: unknown) => this.logger.warn(`Stream ${stream.id} waits: ${String(error)}`))
      .finally(() => this.pushing.delete(pushing));
    this.pushing.add(pushing);
  }

  /** Pushes all there is. What comes after the last look and before the stream is given back is looked for once more. */
  private async push(stream: EventStream): Promise<void> {
    for (;;) {
      const seen = this.notifications.count;
      const { tokens } = await this.events.next(stream, EVENTS_AT_ONCE);
      for (const token of tokens) {
        if (this.notifications.isStopping) return this.pushes.giveBack(stream);
        if (!(await this.pushes.keep(stream, LEASE_SECONDS)) || !(await this.pushOne(stream, token))) return;
      }
      if (tokens.length > 0) continue;
      await this.events.passOver(stream);
      await this.pushes.giveBack(stream);
      if (this.notifications.count !== seen) this.wake();
      return;
    }
  }

  /** True when the next one may follow. */
  private async pushOne(stream: EventStream, token: SecurityEventToken): Promise<boolean> {
    const outcome = await this.sender.send(stream, token);
    if (outcome.kind === 'failed') {
      this.metrics.failed('push');
      await this.pushes.failed(stream, outcome.reason, retryDelay(stream.attempts + 1));
      this.logger.warn(`Stream ${stream.id}: event ${token.jti} was not taken: ${outcome.reason}`);
      return false;
    }
    await this.events.acknowledge(stream, [token.jti]);
    stream.attempts = 0;
    if (outcome.kind === 'delivered') {
      this.metrics.delivered('push', token.occurredAt);
      await this.pushes.succeeded(stream, null);
    } else {
      this.metrics.refused('push');
      await this.pushes.succeeded(stream, outcome.reason);
      this.logger.warn(`Stream ${stream.id}: event ${token.jti} was refused: ${outcome.reason}`);
    }
    return true;
  }
}
