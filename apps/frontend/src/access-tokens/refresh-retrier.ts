import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { setTimeout as wait } from 'node:timers/promises';
import { SessionEndedError } from '../session/session-ended.error.js';

// All begin within the ten seconds in which a provider repeats its answer (see docs/refresh.md).
const PAUSES_MILLISECONDS = [500, 1000, 2000, 4000];
const LAST_BEGINS_MILLISECONDS = 8000;

/**
 * Repeats, by itself, refreshes of which nobody knows whether they were done.
 *
 * The answer was lost, so the refresh token may be spent; the provider gives its successor again for a few seconds only,
 * and the person who is looking at "try again" may take longer than that.
 */
@Injectable()
export class RefreshRetries implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RefreshRetries.name);
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  /** Makes further attempts at the refresh of a session until one succeeds, or it is too late; one series at a time. */
  begin(sessionId: string, attempt: () => Promise<unknown>): void {
    if (this.underWay.has(sessionId)) return;
    const series = this.repeat(attempt).finally(() => this.underWay.delete(sessionId));
    this.underWay.set(sessionId, series);
  }

  /** Waits for the attempts that run: what they bring has still to be written down, and the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.underWay.values());
  }

  private async repeat(attempt: () => Promise<unknown>): Promise<void> {
    const start = performance.now();
    for (const pause of PAUSES_MILLISECONDS) {
      if (performance.now() - start + pause > LAST_BEGINS_MILLISECONDS) return;
      const isStopping = await wait(pause, false, { ref: false, signal: this.stopping.signal }).catch(() => true);
      if (isStopping || (await this.isDone(attempt))) return;
    }
  }

  private async isDone(attempt: () => Promise<unknown>): Promise<boolean> {
    try {
      await attempt();
      return true;
    } catch (error) {
      if (error instanceof SessionEndedError) return true;
      // Whoever wanted the token was told that the provider cannot be reached.
      if (!(error instanceof DependencyUnavailableError)) this.logger.warn(`A refresh failed: ${String(error)}`);
      return false;
    }
  }
}
