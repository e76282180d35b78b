import pg from 'pg';
import { FEEDS_CHANNEL } from './state-store-schema.js';

/** A connection can be dead without anybody noticing: this often listeners look for themselves. */
const LOOK_EVERY_MILLISECONDS = 1000;
const RECONNECT_AFTER_MILLISECONDS = 500;

/**
 * Tells listeners that a feed has grown: by `LISTEN` on a connection of its own, which is there while anybody listens, and
 * by the clock.
 */
export class FeedWakeUps {
  private readonly listeners = new Map<string, Set<() => void>>();
  private clock: NodeJS.Timeout | undefined;
  private reconnection: NodeJS.Timeout | undefined;
  private client: pg.Client | undefined;

  constructor(private readonly options: pg.ClientConfig) {}

  add(feed: string, listener: () => void): () => void {
    const ofFeed = this.listeners.get(feed) ?? new Set();
    this.listeners.set(feed, ofFeed.add(listener));
    this.clock ??= setInterval(() => this.tellAll(), LOOK_EVERY_MILLISECONDS).unref();
    if (!this.client) this.connect();
    return () => {
      ofFeed.delete(listener);
      if (ofFeed.size === 0) this.listeners.delete(feed);
      if (this.listeners.size === 0) this.end();
    };
  }

  private connect(): void {
    const client = new pg.Client(this.options);
    this.client = client;
    client.on('notification', ({ payload = '' }) => this.tell(payload));
    // An error is followed by the end of the connection.
    client.on('error', () => undefined);
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`LISTEN ${FEEDS_CHANNEL}`))
      // Whatever was appended before is not told of.
      .then(() => this.tellAll())
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

  private tell(feed: string): void {
    for (const listener of this.listeners.get(feed) ?? []) listener();
  }

  private tellAll(): void {
    for (const feed of this.listeners.keys()) this.tell(feed);
  }

  private end(): void {
    clearInterval(this.clock);
    clearTimeout(this.reconnection);
    const { client } = this;
    this.clock = this.client = undefined;
    client?.end().catch(() => undefined);
  }
}
