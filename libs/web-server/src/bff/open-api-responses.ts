import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type WebServerConfig } from '../config.js';
import { MOST_OPEN_API_RESPONSES } from '../limits.js';
import { SessionResponses } from '../session/session-responses.js';
import { Sessions } from '../session/sessions.js';

/** The responses of APIs that this replica is sending to scripts. */
@Injectable()
export class OpenApiResponses extends SessionResponses {
  constructor(sessions: Sessions, @Inject(CONFIG) config: Pick<WebServerConfig, 'DOWNLOAD_IDLE_SECONDS'>) {
    const idleSeconds = config.DOWNLOAD_IDLE_SECONDS;
    super(sessions, { limit: 'open-api-responses', most: MOST_OPEN_API_RESPONSES, idleSeconds });
  }
}
