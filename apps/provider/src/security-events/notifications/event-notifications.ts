import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type DatabaseConfiguration, databaseSessionUrl } from '@trefoil/server-kit';
import pg from 'pg';
import { CONFIG } from '../../config.js';
import { retryDelay } from '../../outbound/retry-delay.js';
import { SECURITY_EVENTS_CHANNEL } from '../security-events.js';

/** How often listeners are called without a notification, because one can get lost with its connection. */
const POLL_INTERVAL_MILLISECONDS = 3000;
const MAX_RECONNECT_DELAY_SECONDS = 5;
const CONNECTION_TIMEOUT_MILLISECONDS = 2000;

/**
 * Notifies this replica of new security events, no matter which replica or command recorded them. Listens on one
 * connection (`LISTEN`), reconnects when it breaks, and also notifies every few seconds in case a notification was
 * lost.
 */
@Injectable()
export class EventNotifications implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(EventNotifications.name);
  private readonly listeners = new Set<() => void>();
  private connection: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reconnection: NodeJS.Timeout | undefined;
  private failures = 0;
  private notifications = 0;
  private stopping = false;

  constructor(@Inject(CONFIG) private readonly config: DatabaseConfiguration) {}

  onApplicationBootstrap(): void {
    this.connect();
    this.timer = setInterval(() => this.poll(), POLL_INTERVAL_MILLISECONDS).unref();
  }

  /** Wakes all waiting callers, so that they can respond before the server closes its connections. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.timer);
    clearTimeout(this.reconnection);
    this.notify();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.end().catch(() => undefined);
  }

  /** Whether the server is shutting down, so that nobody may wait any longer. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /**
   * The number of notifications until now. Read it before you query events, and pass it to {@link waitForNext}
   * afterwards, so that you do not miss an event that was recorded meanwhile.
   */
  get count(): number {
    return this.notifications;
  }

  /**
   * Calls a listener whenever there may be new events.
   *
   * @returns a function that removes the listener.
   */
  on(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Waits until there are more than `count` notifications, the time is over, the signal aborts or the server stops. */
  async waitForNext(count: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.notifications !== count || this.stopping || signal.aborted || milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        removeListener();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      const removeListener = this.on(done);
      signal.addEventListener('abort', done);
    });
  }

  private notify(): void {
    this.notifications += 1;
    for (const listener of [...this.listeners]) listener();
  }

  /** Notifies without a notification from the database, and checks the connection. */
  private poll(): void {
    const { connection } = this;
    connection?.query('SELECT 1').catch((error: unknown) => this.reconnect(connection, error));
    this.notify();
  }

  private connect(): void {
    const connection = new pg.Client({
      connectionString: databaseSessionUrl(this.config),
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS,
      query_timeout: CONNECTION_TIMEOUT_MILLISECONDS,
      keepAlive: true,
    });
    connection.on('notification', () => this.notify());
    connection.on('error', (error) => this.reconnect(connection, error));
    connection.on('end', () => this.reconnect(connection, 'the connection ended'));
    this.connection = connection;
    this.listen(connection).catch((error: unknown) => this.reconnect(connection, error));
  }

  private async listen(connection: pg.Client): Promise<void> {
    await connection.connect();
    await connection.query(`LISTEN ${SECURITY_EVENTS_CHANNEL}`);
    this.failures = 0;
    // The database does not notify of events that were recorded before LISTEN.
    this.notify();
  }

  /** Replaces a broken connection after a delay. Until then, only the timer notifies. */
  private reconnect(connection: pg.Client, reason: unknown): void {
    if (this.connection !== connection || this.stopping) return;
    this.connection = undefined;
    this.failures += 1;
    this.logger.warn(`New security events are noticed only every few seconds: ${String(reason)}`);
    connection.end().catch(() => undefined);
    const delay = Math.min(retryDelay(this.failures), MAX_RECONNECT_DELAY_SECONDS);
    this.reconnection = setTimeout(() => this.connect(), delay * 1000).unref();
  }
}
