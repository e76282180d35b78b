import { Inject, Injectable } from '@nestjs/common';
import { SessionResponses, Sessions } from '@trefoil/web-server';
import { CONFIG, type FrontendConfig } from '../config.js';
import { MOST_OPEN_DOWNLOADS } from '../limits.js';

/** The downloads that this replica is sending. */
@Injectable()
export class OpenDownloads extends SessionResponses {
  constructor(sessions: Sessions, @Inject(CONFIG) config: Pick<FrontendConfig, 'DOWNLOAD_IDLE_SECONDS'>) {
    const idleSeconds = config.DOWNLOAD_IDLE_SECONDS;
    super(sessions, { limit: 'open-downloads', most: MOST_OPEN_DOWNLOADS, idleSeconds });
  }
}
