import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DependencyUnavailableError, describeError } from '@trefoil/server-kit';
import { setTimeout as wait } from 'node:timers/promises';
import { SessionEndedError } from '../session/session-ended.error.js';

// Every attempt starts within the ten seconds during which the provider repeats its answer (see docs/refresh.md).
const PAUSES_MILLISECONDS = [500, 1000, 2000, 4000];
const LAST_START_MILLISECONDS = 8000;

/**
 * Retries in the background a refresh whose outcome is unknown.
 *
 * When the answer of the provider is lost, the refresh token may have been rotated. The provider repeats the answer for
 * a few seconds only, and a user who sees "try again" may take longer than that.
 */
@Injectable()
export class RefreshRetrier implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RefreshRetrier.name);
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  /**
   * Starts a series of attempts that ends with the first success, or when the provider no longer repeats its answer.
   * Does nothing while a series with the same key runs.
   *
   * @param key names the refresh: its session and its API.
   */
  start(key: string, attempt: () => Promise<unknown>): void {
    if (this.running.has(key)) return;
    const series = this.retry(attempt).finally(() => this.running.delete(key));
    this.running.set(key, series);
  }

  /** Waits for attempts that have started: their tokens must still be written, and the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  private async retry(attempt: () => Promise<unknown>): Promise<void> {
    const start = performance.now();
    for (const pause of PAUSES_MILLISECONDS) {
      if (performance.now() - start + pause > LAST_START_MILLISECONDS) return;
      const isStopping = await wait(pause, false, { ref: false, signal: this.stopping.signal }).catch(() => true);
      if (isStopping || (await this.isSettled(attempt))) return;
    }
  }

  private async isSettled(attempt: () => Promise<unknown>): Promise<boolean> {
    try {
      await attempt();
      return true;
    } catch (error) {
      if (error instanceof SessionEndedError) return true;
      // The request that needed the token was already answered that the provider cannot be reached.
      if (!(error instanceof DependencyUnavailableError)) this.logger.warn(`A refresh failed: ${describeError(error)}`);
      return false;
    }
  }
}
