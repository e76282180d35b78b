import { toJson } from '../encoding.js';
import { FeedListeners, type FeedSubscription } from '../feed-listeners.js';
import type { FeedEntry, StateFeeds } from '../state-store.js';
import type { RedisConnection } from './redis-connection.js';
import { APPEND, READ_AFTER } from './redis-scripts.js';

/** A feed outlives its last value for this long, so that its positions increase even if the clock is set back. */
const KEPT_MILLISECONDS = 60_000;

/** Stores {@link StateFeeds} in Redis: each feed is a stream, and one channel carries the names of feeds that have grown. */
export class RedisFeeds implements StateFeeds, FeedSubscription {
  private readonly listeners = new FeedListeners(this);
  private readonly channel: string;
  private state: 'closed' | 'opening' | 'open' = 'closed';
  private isWanted = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
  ) {
    this.channel = `${prefix}feeds`;
  }

  async append(feed: string, values: readonly unknown[], ttlSeconds: number): Promise<void> {
    if (values.length === 0) return;
    const ttl = Math.ceil(ttlSeconds * 1000);
    const settings = [String(ttl), String(ttl + KEPT_MILLISECONDS), this.channel, feed];
    const parameters = { keys: [this.key(feed)], arguments: [...settings, ...values.map(toJson)] };
    await this.redis.run((client) => client.eval(APPEND, parameters));
  }

  async readAfter<T>(feed: string, position: number, limit: number): Promise<FeedEntry<T>[]> {
    const parameters = { keys: [this.key(feed)], arguments: [`${position}-0`, String(limit)] };
    const found = await this.redis.run((client) => client.eval(READ_AFTER, parameters));
    return (found as unknown as [id: string, json: string][]).map(([id, json]) => ({
      position: Number(id.split('-', 1)[0]),
      value: JSON.parse(json) as T,
    }));
  }

  onAppended(feed: string, listener: () => void): () => void {
    return this.listeners.add(feed, listener);
  }

  /** Subscribes to the channel. The client subscribes again when it reconnects; what is missed meanwhile, a timer finds. */
  open(): void {
    this.isWanted = true;
    if (this.state !== 'closed') return;
    this.state = 'opening';
    this.redis
      .run((client) => client.subscribe(this.channel, this.notify))
      .then(
        () => {
          this.state = 'open';
          if (!this.isWanted) this.close();
          // Nothing was published to this client before it subscribed.
          this.listeners.notifyAll();
        },
        () => (this.state = 'closed'),
      );
  }

  close(): void {
    this.isWanted = false;
    if (this.state !== 'open') return;
    this.state = 'closed';
    this.redis.run((client) => client.unsubscribe(this.channel, this.notify)).catch(() => undefined);
  }

  private readonly notify = (feed: string): void => this.listeners.notify(feed);

  private key(feed: string): string {
    return `${this.prefix}feed:${feed}`;
  }
}
