import { Inject, Injectable } from '@nestjs/common';
import { ResponseSigner } from '@trefoil/token-issuance';
import { randomUUID } from 'node:crypto';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../clients/client.entity.js';
import { responseAlgorithm } from '../clients/response-algorithm.js';
import type { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { SessionIds } from '../sessions/session-ids.js';
import { Subjects } from '../users/subjects.js';

/** The event type of logout tokens (OpenID Connect Back-Channel Logout §2.4). */
export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** The lifetime of logout tokens in seconds: two minutes, so that a stolen token is soon useless (§2.4). */
const LIFETIME = 120;

/** Issues logout tokens, which name the ended session and its user (OpenID Connect Back-Channel Logout §2.4). */
@Injectable()
export class LogoutTokenIssuer {
  constructor(
    private readonly signer: ResponseSigner,
    private readonly subjects: Subjects,
    private readonly sessionIds: SessionIds,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Issues a logout token. Each attempt needs a new token with a new `jti`, because the client may have received the
   * last one although its response was lost, and would refuse it as a replay.
   */
  issue(client: Client, { userId, sessionId }: Pick<LogoutDelivery, 'userId' | 'sessionId'>): Promise<string> {
    return this.signer.sign(responseAlgorithm(client, client.idTokenSignedResponseAlg), {
      iss: this.config.ISSUER,
      aud: client.clientId,
      typ: 'logout+jwt',
      lifetime: LIFETIME,
      claims: {
        jti: randomUUID(),
        sub: this.subjects.of(client, userId),
        sid: this.sessionIds.of(client, sessionId),
        events: { [LOGOUT_EVENT]: {} },
      },
    });
  }
}
