import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { onResponseClose, OpenResponses } from '@trefoil/server-kit';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG, type FrontendConfig } from '../config.js';
import { MOST_OPEN_DOWNLOADS } from '../limits.js';
import { Sessions } from '../session/sessions.js';

const CHECK_EVERY_MILLISECONDS = 500;

/**
 * The downloads that this replica is sending. A download ends with its session, does not keep the session alive, and is
 * reset when its reader takes nothing.
 */
@Injectable()
export class OpenDownloads implements BeforeApplicationShutdown {
  private readonly open: OpenResponses;

  constructor(
    private readonly sessions: Sessions,
    @Inject(CONFIG) { DOWNLOAD_IDLE_SECONDS: idleSeconds }: Pick<FrontendConfig, 'DOWNLOAD_IDLE_SECONDS'>,
  ) {
    this.open = new OpenResponses({ limit: 'open-downloads', most: MOST_OPEN_DOWNLOADS, idleSeconds });
  }

  /**
   * Opens the source of a download and returns it. The source is destroyed when the session ends, when the reader takes
   * nothing for too long, or when the connection is closed. The download then fails, so nobody mistakes it for complete.
   *
   * @throws TooManyRequestsError when the session has too many open downloads. And the errors of `openSource`.
   */
  async start(response: ServerResponse, sessionId: string, openSource: () => Promise<Readable>): Promise<Readable> {
    this.open.admit(response, sessionId);
    const source = await openSource();
    onResponseClose(response, () => source.destroy());
    this.open.resetWhenIdle(response);
    void this.endWithSession(sessionId, source);
    return source;
  }

  /** Gives readers that take nothing less time. The server stops when all downloads have ended. */
  beforeApplicationShutdown(): void {
    this.open.beginShutdown();
  }

  private async endWithSession(sessionId: string, source: Readable): Promise<void> {
    while (!source.destroyed) {
      await wait(CHECK_EVERY_MILLISECONDS, undefined, { ref: false });
      // While the database is down the download continues: the backend ends it when the token is revoked.
      const session = await this.sessions.find(sessionId).catch(() => 'unknown');
      if (session === undefined) source.destroy(new Error('the session has ended'));
    }
  }
}
