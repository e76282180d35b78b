import { Inject, Injectable } from '@nestjs/common';
import { ResponseSigner } from '@trefoil/token-issuance';
import { randomUUID } from 'node:crypto';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../clients/client.entity.js';
import { responseAlgorithm } from '../clients/response-algorithm.js';
import type { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { Subjects } from '../users/subjects.js';

/** What a logout token says happened (OpenID Connect Back-Channel Logout §2.4). */
export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Seconds; two minutes at most, so that a token that was caught is soon worth nothing (§2.4). */
const LIFETIME = 120;

/** Issues logout tokens: which session of which person has ended (OpenID Connect Back-Channel Logout §2.4). */
@Injectable()
export class LogoutTokenIssuer {
  constructor(
    private readonly signer: ResponseSigner,
    private readonly subjects: Subjects,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** A new token each time, with a `jti` of its own: a client may have seen the last one although its answer was lost. */
  issue(client: Client, { userId, sessionId }: Pick<LogoutDelivery, 'userId' | 'sessionId'>): Promise<string> {
    return this.signer.sign(responseAlgorithm(client, client.idTokenSignedResponseAlg), {
      iss: this.config.ISSUER,
      aud: client.clientId,
      typ: 'logout+jwt',
      lifetime: LIFETIME,
      claims: {
        jti: randomUUID(),
        sub: this.subjects.of(client, userId),
        sid: sessionId,
        events: { [LOGOUT_EVENT]: {} },
      },
    });
  }
}
