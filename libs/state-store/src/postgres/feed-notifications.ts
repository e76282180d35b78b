import pg from 'pg';
import { FeedListeners, type FeedSubscription } from '../feed-listeners.js';
import { FEEDS_CHANNEL } from './state-store-schema.js';

const RECONNECT_AFTER_MILLISECONDS = 500;

/**
 * Calls listeners when values were appended to a feed. Uses `LISTEN` on a connection of its own, which is open while there
 * are listeners.
 */
export class FeedNotifications implements FeedSubscription {
  private readonly listeners = new FeedListeners(this);
  private reconnection: NodeJS.Timeout | undefined;
  private client: pg.Client | undefined;
  private isWanted = false;

  constructor(private readonly options: pg.ClientConfig) {}

  /** Adds a listener. Returns a function that removes it. */
  add(feed: string, listener: () => void): () => void {
    return this.listeners.add(feed, listener);
  }

  open(): void {
    if (!this.isWanted) this.connect();
    this.isWanted = true;
  }

  close(): void {
    clearTimeout(this.reconnection);
    const { client } = this;
    this.client = undefined;
    this.isWanted = false;
    client?.end().catch(() => undefined);
  }

  private connect(): void {
    const client = new pg.Client(this.options);
    this.client = client;
    client.on('notification', ({ payload = '' }) => this.listeners.notify(payload));
    // The event `end` follows an error, and handles it.
    client.on('error', () => undefined);
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`LISTEN ${FEEDS_CHANNEL}`))
      // PostgreSQL sends no notification for values that were appended before `LISTEN`.
      .then(() => this.listeners.notifyAll())
      .catch(() => {
        client.end().catch(() => undefined);
        this.reconnect(client);
      });
  }

  private reconnect(ended: pg.Client): void {
    if (this.client !== ended) return;
    this.client = undefined;
    this.reconnection = setTimeout(() => {
      if (this.isWanted && !this.client) this.connect();
    }, RECONNECT_AFTER_MILLISECONDS).unref();
  }
}
