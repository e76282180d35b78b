import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../config.js';
import { DeviceAuthorizations } from './device-authorizations.js';
import type { GrantContent } from '../grants/grant-content.js';
import { originOf } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import type { SignedIn } from '../sessions/session-cookie.js';
import type { DeviceOutcome } from './device-answered.page.js';
import type { DeviceAuthorizationRequest } from './device-requests.js';

/** Writes down what people answered for their devices. */
@Injectable()
export class DeviceAnswers {
  constructor(
    private readonly devices: DeviceAuthorizations,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'REFRESH_TOKEN_LIFETIME'>,
  ) {}

  /** Tells what became of the answer: a device may have stopped waiting. It is remembered for no other device. */
  async give(
    httpRequest: FastifyRequest,
    request: DeviceAuthorizationRequest,
    { user, session }: SignedIn,
    decision: 'allow' | 'deny',
  ): Promise<DeviceOutcome> {
    const { deviceAuthorization: id, clientId, scopes } = request;
    const allows = decision === 'allow';
    const origin = originOf(httpRequest);
    const given = allows
      ? await this.devices.allow(id, this.grantOf(request, session), origin)
      : await this.devices.deny(id);
    if (!given) return 'too late';
    await this.events.record({
      type: 'consent',
      outcome: allows ? 'success' : 'failure',
      userId: user.id,
      sessionId: session.id,
      clientId,
      details: { scope: scopes.join(' '), device: id },
      ...origin,
    });
    return allows ? 'allowed' : 'denied';
  }

  private grantOf(
    { clientId, scopes, resources }: DeviceAuthorizationRequest,
    { id: sessionId, userId, authenticatedAt, amr, acr, expiresAt }: SignedIn['session'],
  ): GrantContent {
    const now = Date.now();
    return {
      clientId,
      userId,
      sessionId,
      scopes: [...scopes],
      resources: [...resources],
      redirectUri: null,
      codeChallenge: null,
      nonce: null,
      authenticatedAt,
      amr,
      acr,
      // There is no authorization code.
      codeLifetime: 0,
      // Without offline_access a grant ends with the sign-in session (OpenID Connect Core §11).
      expiresAt: scopes.includes('offline_access')
        ? new Date(now + this.config.REFRESH_TOKEN_LIFETIME * 1000)
        : expiresAt,
    };
  }
}
