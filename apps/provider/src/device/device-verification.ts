import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuthorizationRequest, continuationOf } from '../authorization/interaction/authorization-request.js';
import {
  type ClosedAuthorization,
  type PendingAuthorization,
  PendingAuthorizations,
} from '../authorization/interaction/pending-authorizations.js';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { GrantContent } from '../grants/grant-content.js';
import { originOf } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import type { SignedIn } from '../sessions/session-cookie.js';
import type { DeviceAuthorization } from './device-authorization.entity.js';
import { DeviceAuthorizations } from './device-authorizations.js';

/** The request of a device, in the form that the sign-in pages understand. */
export type DeviceAuthorizationRequest = AuthorizationRequest &
  Required<Pick<AuthorizationRequest, 'deviceAuthorization'>>;

/** The request of a device that is pending in a browser. */
export type PendingDevice = PendingAuthorization & { readonly request: DeviceAuthorizationRequest };

/** The outcome of a decision; `too late` when the code has expired or the request was already answered. */
export type DeviceOutcome = 'allowed' | 'denied' | 'too late';

/**
 * Keeps the request of a device in the user's browser until the user decides, and stores the decision (RFC 8628 §3.3).
 */
@Injectable()
export class DeviceVerification {
  constructor(
    private readonly pending: PendingAuthorizations,
    private readonly devices: DeviceAuthorizations,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'REFRESH_TOKEN_LIFETIME'>,
  ) {}

  /** Stores the request of a device as pending in this browser. Returns the URL of the next page. */
  async begin(httpRequest: FastifyRequest, reply: FastifyReply, device: DeviceAuthorization): Promise<string> {
    const request: AuthorizationRequest = {
      clientId: device.clientId,
      // Required by the type but not used: the device polls for the response.
      redirectUri: `${this.config.ISSUER}/device`,
      responseMode: 'query',
      scopes: device.scopes,
      resources: device.resources,
      prompt: [],
      deviceAuthorization: device.id,
    };
    const id = await this.pending.add(httpRequest, reply, request);
    return continuationOf({ id, request });
  }

  /** Returns a pending request by its id; `unknown` when another browser has it or it is not from a device. */
  async find(httpRequest: FastifyRequest, id: string | undefined): Promise<PendingDevice | ClosedAuthorization> {
    const pending = await this.pending.find(httpRequest, id);
    if (pending.state !== 'pending') return pending;
    return isOfDevice(pending) ? pending : { state: 'unknown' };
  }

  /**
   * Stores a user's decision and records it. The consent is not remembered: the next device of the same client needs
   * one of its own.
   */
  async decide(
    httpRequest: FastifyRequest,
    request: DeviceAuthorizationRequest,
    { user, session }: SignedIn,
    decision: 'allow' | 'deny',
  ): Promise<DeviceOutcome> {
    const { deviceAuthorization: id, clientId, scopes } = request;
    const allows = decision === 'allow';
    const origin = originOf(httpRequest);
    const stored = allows
      ? await this.devices.allow(id, this.grantOf(request, session), origin)
      : await this.devices.deny(id);
    if (!stored) return 'too late';
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
      // The device redeems its device code instead of an authorization code.
      codeLifetime: 0,
      // Without offline_access a grant ends with the session (OpenID Connect Core §11).
      expiresAt: scopes.includes('offline_access')
        ? new Date(Date.now() + this.config.REFRESH_TOKEN_LIFETIME * 1000)
        : expiresAt,
    };
  }
}

const isOfDevice = (pending: PendingAuthorization): pending is PendingDevice =>
  pending.request.deviceAuthorization !== undefined;
