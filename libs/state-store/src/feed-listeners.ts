/** Listeners are also called at this interval, because a broken connection may go unnoticed. */
const CALL_EVERY_MILLISECONDS = 1000;

/** Receives the names of feeds to which values were appended, from the server of the store. */
export interface FeedSubscription {
  /** Begins to listen. Called for the first listener, and again at intervals: does nothing while it listens already. */
  open(): void;
  /** Stops to listen. Called when the last listener is removed. */
  close(): void;
}

/** Calls listeners when values were appended to a feed, and at intervals. */
export class FeedListeners {
  private readonly listeners = new Map<string, Set<() => void>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly subscription: FeedSubscription) {}

  /** Adds a listener. Returns a function that removes it. */
  add(feed: string, listener: () => void): () => void {
    const ofFeed = this.listeners.get(feed) ?? new Set();
    this.listeners.set(feed, ofFeed.add(listener));
    this.timer ??= setInterval(() => this.onInterval(), CALL_EVERY_MILLISECONDS).unref();
    this.subscription.open();
    return () => {
      ofFeed.delete(listener);
      if (ofFeed.size === 0) this.listeners.delete(feed);
      if (this.listeners.size === 0) this.stop();
    };
  }

  /** Calls the listeners of a feed. */
  notify(feed: string): void {
    for (const listener of this.listeners.get(feed) ?? []) listener();
  }

  /** Calls all listeners, because notifications may have been lost. */
  notifyAll(): void {
    for (const feed of this.listeners.keys()) this.notify(feed);
  }

  private onInterval(): void {
    this.subscription.open();
    this.notifyAll();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.subscription.close();
  }
}
