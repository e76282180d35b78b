import pg from 'pg';
import { FEEDS_CHANNEL } from './state-store-schema.js';

/** Listeners are also called at this interval, because a broken connection may go unnoticed. */
const CALL_EVERY_MILLISECONDS = 1000;
const RECONNECT_AFTER_MILLISECONDS = 500;

/**
 * Calls listeners when values were appended to a feed. Uses `LISTEN` on a connection of its own, which is open while there
 * are listeners, and a timer.
 */
export class FeedNotifications {
  private readonly listeners = new Map<string, Set<() => void>>();
  private timer: NodeJS.Timeout | undefined;
  private reconnection: NodeJS.Timeout | undefined;
  private client: pg.Client | undefined;

  constructor(private readonly options: pg.ClientConfig) {}

  /** Adds a listener. Returns a function that removes it. */
  add(feed: string, listener: () => void): () => void {
    const ofFeed = this.listeners.get(feed) ?? new Set();
    this.listeners.set(feed, ofFeed.add(listener));
    this.timer ??= setInterval(() => this.notifyAll(), CALL_EVERY_MILLISECONDS).unref();
    if (!this.client) this.connect();
    return () => {
      ofFeed.delete(listener);
      if (ofFeed.size === 0) this.listeners.delete(feed);
      if (this.listeners.size === 0) this.disconnect();
    };
  }

  private connect(): void {
    const client = new pg.Client(this.options);
    this.client = client;
    client.on('notification', ({ payload = '' }) => this.notify(payload));
    // The event `end` follows an error, and handles it.
    client.on('error', () => undefined);
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`LISTEN ${FEEDS_CHANNEL}`))
      // PostgreSQL sends no notification for values that were appended before `LISTEN`.
      .then(() => this.notifyAll())
      .catch(() => {
        client.end().catch(() => undefined);
        this.reconnect(client);
      });
  }

  private reconnect(ended: pg.Client): void {
    if (this.client !== ended) return;
    this.client = undefined;
    this.reconnection = setTimeout(() => {
      if (this.listeners.size > 0 && !this.client) this.connect();
    }, RECONNECT_AFTER_MILLISECONDS).unref();
  }

  private notify(feed: string): void {
    for (const listener of this.listeners.get(feed) ?? []) listener();
  }

  private notifyAll(): void {
    for (const feed of this.listeners.keys()) this.notify(feed);
  }

  private disconnect(): void {
    clearInterval(this.timer);
    clearTimeout(this.reconnection);
    const { client } = this;
    this.timer = this.client = undefined;
    client?.end().catch(() => undefined);
  }
}
