import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { DeviceAuthorization } from './device-authorization.entity.js';
import type { AuthorizationRequest } from '../authorization/interaction/authorization-request.js';
import { continuationOf } from '../authorization/interaction/continuation.js';
import {
  type ClosedAuthorization,
  type PendingAuthorization,
  PendingAuthorizations,
} from '../authorization/interaction/pending-authorizations.js';

/** What a device asks for, as it waits for its person. */
export type DeviceAuthorizationRequest = AuthorizationRequest &
  Required<Pick<AuthorizationRequest, 'deviceAuthorization'>>;

/** The request of a device, waiting in a browser. */
export type PendingDevice = PendingAuthorization & { readonly request: DeviceAuthorizationRequest };

/** What devices ask for, in the browsers of their persons, where it waits until they have signed in and answered. */
@Injectable()
export class DeviceRequests {
  constructor(
    private readonly pending: PendingAuthorizations,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** Lets the request of a device wait in this browser, and returns where it goes on. */
  async begin(httpRequest: FastifyRequest, reply: FastifyReply, device: DeviceAuthorization): Promise<string> {
    const request: AuthorizationRequest = {
      clientId: device.clientId,
      // Nothing is sent anywhere: the device asks for its answer.
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

  /** The request of an id, if this browser has it and a device made it. */
  async find(httpRequest: FastifyRequest, id: string | undefined): Promise<PendingDevice | ClosedAuthorization> {
    const pending = await this.pending.find(httpRequest, id);
    if (pending.state !== 'pending') return pending;
    return isOfDevice(pending) ? pending : { state: 'unknown' };
  }
}

const isOfDevice = (pending: PendingAuthorization): pending is PendingDevice =>
  pending.request.deviceAuthorization !== undefined;
