import { onResponseClose, OpenResponses, type OpenResponsesOptions } from '@trefoil/server-kit';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sessions } from './sessions.js';

const CHECK_EVERY_MILLISECONDS = 500;

/**
 * The responses of one kind that this replica is sending, limited for each session. A response ends with its session, does
 * not keep the session alive, and is reset when its reader takes nothing.
 */
export class SessionResponses {
  private readonly open: OpenResponses;

  constructor(
    private readonly sessions: Sessions,
    options: OpenResponsesOptions,
  ) {
    this.open = new OpenResponses(options);
  }

  /**
   * Opens the source of a response and returns it. The source is destroyed when the session ends, when the reader takes
   * nothing for too long, or when the connection is closed. The response then fails, so nobody mistakes it for complete.
   *
   * @param openSource Receives a signal that is aborted when the connection is closed.
   * @throws TooManyRequestsError when the session has too many open responses. And the errors of `openSource`.
   */
  async start<T extends Readable | undefined>(
    response: ServerResponse,
    sessionId: string,
    openSource: (closed: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.open.admit(response, sessionId);
    const closed = new AbortController();
    onResponseClose(response, () => closed.abort());
    const source = await openSource(closed.signal);
    if (!source) return source;
    if (closed.signal.aborted) source.destroy();
    else closed.signal.addEventListener('abort', () => source.destroy(), { once: true });
    this.open.resetWhenIdle(response);
    void this.endWithSession(sessionId, source);
    return source;
  }

  /** Gives readers that take nothing less time. The server stops when all responses have ended. */
  beforeApplicationShutdown(): void {
    this.open.beginShutdown();
  }

  private async endWithSession(sessionId: string, source: Readable): Promise<void> {
    while (!source.destroyed) {
      await wait(CHECK_EVERY_MILLISECONDS, undefined, { ref: false });
      if (source.destroyed) return;
      // While the database is down the response continues: the API ends it when the token is revoked.
      const session = await this.sessions.find(sessionId).catch(() => 'unknown');
      if (session === undefined) source.destroy(new Error('the session has ended'));
    }
  }
}
