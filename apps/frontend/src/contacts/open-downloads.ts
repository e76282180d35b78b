import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { onResponseClose, TooManyRequestsError } from '@trefoil/server-kit';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG, type FrontendConfig } from '../config.js';
import { MOST_OPEN_DOWNLOADS } from '../limits.js';
import { Sessions } from '../session/sessions.js';

const RETRY_AFTER_SECONDS = 5;
const CHECK_EVERY_MILLISECONDS = 500;
/** The longest time that a reader may take nothing while the server shuts down. */
const SHUTDOWN_IDLE_SECONDS = 3;

/**
 * The downloads that this replica is sending. A download ends with its session, does not keep the session alive, and is
 * reset when its reader takes nothing.
 */
@Injectable()
export class OpenDownloads implements BeforeApplicationShutdown {
  /** The session ids of the open downloads, by response. */
  private readonly open = new Map<ServerResponse, string>();
  private idleSeconds: number;

  constructor(
    private readonly sessions: Sessions,
    @Inject(CONFIG) config: Pick<FrontendConfig, 'DOWNLOAD_IDLE_SECONDS'>,
  ) {
    this.idleSeconds = config.DOWNLOAD_IDLE_SECONDS;
  }

  /**
   * Opens the source of a download and returns it. The source is destroyed when the session ends, when the reader takes
   * nothing for too long, or when the connection is closed. The download then fails, so nobody mistakes it for complete.
   *
   * @throws TooManyRequestsError when the session has too many open downloads. And the errors of `openSource`.
   */
  async start(response: ServerResponse, sessionId: string, openSource: () => Promise<Readable>): Promise<Readable> {
    const ofSession = [...this.open.values()].filter((id) => id === sessionId).length;
    if (ofSession >= MOST_OPEN_DOWNLOADS) throw new TooManyRequestsError('open-downloads', RETRY_AFTER_SECONDS);
    this.open.set(response, sessionId);
    onResponseClose(response, () => this.open.delete(response));
    const source = await openSource();
    onResponseClose(response, () => source.destroy());
    this.resetWhenIdle(response, source);
    void this.endWithSession(sessionId, source);
    return source;
  }

  /** Gives readers that take nothing less time. The server stops when all downloads have ended. */
  beforeApplicationShutdown(): void {
    this.idleSeconds = Math.min(this.idleSeconds, SHUTDOWN_IDLE_SECONDS);
    for (const response of this.open.keys()) response.setTimeout(this.idleSeconds * 1000);
  }

  private async endWithSession(sessionId: string, source: Readable): Promise<void> {
    while (!source.destroyed) {
      await wait(CHECK_EVERY_MILLISECONDS, undefined, { ref: false });
      // While the database is down the download continues: the backend ends it when the token is revoked.
      const session = await this.sessions.find(sessionId).catch(() => 'unknown');
      if (session === undefined) source.destroy(new Error('the session has ended'));
    }
  }

  private resetWhenIdle(response: ServerResponse, source: Readable): void {
    response.setTimeout(this.idleSeconds * 1000, () => {
      // Without unsent bytes, the reader waits for the backend.
      if (response.writableLength === 0) response.setTimeout(this.idleSeconds * 1000);
      else source.destroy(new Error('the reader takes nothing'));
    });
  }
}
