import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { Consents } from '../../grants/consents.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { clientGone } from './client-gone.js';
import { permissionsOf } from './permissions-of.js';
import type { AuthorizationProgress } from './progress.js';
import { SessionCookie } from '../../sessions/session-cookie.js';
import { Subjects } from '../../users/subjects.js';
import type { User } from '../../users/user.entity.js';
import { canBeImpersonated } from './can-be-impersonated.js';
import { type NextStep, nextStep } from './next-step.js';

/** Gathers how things stand with an authorization request, and finds what happens next with it. */
@Injectable()
export class NextStepFinder {
  constructor(
    private readonly clients: Clients,
    private readonly sessionCookie: SessionCookie,
    private readonly consents: Consents,
    private readonly subjects: Subjects,
  ) {}

  async find(
    httpRequest: FastifyRequest,
    request: AuthorizationRequest,
    progress: AuthorizationProgress = {},
  ): Promise<NextStep> {
    const client = await this.clients.find(request.clientId);
    if (!client) throw clientGone();
    const signedIn = await this.sessionCookie.read(httpRequest);
    const isAllowed = signedIn !== undefined && (await this.isAllowed(request, progress, client, signedIn.user));
    const subject = signedIn && this.subjects.of(client, signedIn.user.id);
    return nextStep({ request, progress, signedIn, subject, isAllowed });
  }

  private async isAllowed(
    request: AuthorizationRequest,
    { allowedBy }: AuthorizationProgress,
    client: Client,
    user: User,
  ): Promise<boolean> {
    if (allowedBy === user.id) return true;
    if (request.prompt.includes('consent') || canBeImpersonated(client, request.redirectUri)) return false;
    return this.consents.covers(user.id, client.clientId, permissionsOf(request));
  }
}
