import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { SECURITY_EVENTS_CHANNEL } from '../security-events.js';
import { retryDelay } from '../../outbound/retry-delay.js';

/** How often everybody looks anyway, and the connection is tried: a notice can be lost with it, unnoticed. */
const LOOK_EVERY_MILLISECONDS = 3000;
const LONGEST_PAUSE_SECONDS = 5;
const ANSWER_MILLISECONDS = 2000;

/**
 * Wakes who passes security events on, whichever replica or command recorded them: one connection that listens
 * (`LISTEN`), made again when it breaks, and a look every few seconds in case that a notice was lost.
 */
@Injectable()
export class WakeUps implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(WakeUps.name);
  private readonly listeners = new Set<() => void>();
  private connection: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reconnection: NodeJS.Timeout | undefined;
  private failures = 0;
  private wakings = 0;
  private stopping = false;

  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'DATABASE_URL'>) {}

  onApplicationBootstrap(): void {
    this.connect();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MILLISECONDS).unref();
  }

  /** Lets go of everybody who waits, so that they answer while there is still somebody to answer to. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.timer);
    clearTimeout(this.reconnection);
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.end().catch(() => undefined);
  }

  /** Whether the server is ending, so that nobody is to wait any more. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** How often there was reason to look; ask before you look, and wait {@link after} it. */
  get count(): number {
    return this.wakings;
  }

  /**
   * Calls a listener whenever there may be something new.
   *
   * @returns what ends that.
   */
  on(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Waits until there is reason to look again after that many times, but no longer than so many milliseconds. */
  async after(count: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.wakings !== count || this.stopping || signal.aborted || milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        forget();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      const forget = this.on(done);
      signal.addEventListener('abort', done);
    });
  }

  private wake(): void {
    this.wakings += 1;
    for (const listener of [...this.listeners]) listener();
  }

  private look(): void {
    const { connection } = this;
    connection?.query('SELECT 1').catch((error: unknown) => this.lose(connection, error));
    this.wake();
  }

  private connect(): void {
    const connection = new pg.Client({
      connectionString: this.config.DATABASE_URL,
      connectionTimeoutMillis: ANSWER_MILLISECONDS,
      query_timeout: ANSWER_MILLISECONDS,
      keepAlive: true,
    });
    connection.on('notification', () => this.wake());
    connection.on('error', (error) => this.lose(connection, error));
    connection.on('end', () => this.lose(connection, 'the connection ended'));
    this.connection = connection;
    this.listen(connection).catch((error: unknown) => this.lose(connection, error));
  }

  private async listen(connection: pg.Client): Promise<void> {
    await connection.connect();
    await connection.query(`LISTEN ${SECURITY_EVENTS_CHANNEL}`);
    this.failures = 0;
    // What was recorded before is not told of.
    this.wake();
  }

  /** Makes a new connection in a moment; the clock wakes everybody meanwhile. */
  private lose(connection: pg.Client, reason: unknown): void {
    if (this.connection !== connection || this.stopping) return;
    this.connection = undefined;
    this.failures += 1;
    this.logger.warn(`Security events are looked for every few seconds only: ${String(reason)}`);
    connection.end().catch(() => undefined);
    const pause = Math.min(retryDelay(this.failures), LONGEST_PAUSE_SECONDS);
    this.reconnection = setTimeout(() => this.connect(), pause * 1000).unref();
  }
}
