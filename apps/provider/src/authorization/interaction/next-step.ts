import { Injectable } from '@nestjs/common';
import { accessDenied, consentRequired, loginRequired, type OAuthError } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { Consents } from '../../grants/consents.js';
import { SessionCookie, type SignedIn } from '../../sessions/session-cookie.js';
import { Subjects } from '../../users/subjects.js';
import type { User } from '../../users/user.entity.js';
import { type AuthorizationProgress, needsSignIn } from './authorization-progress.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { canBeImpersonated } from './can-be-impersonated.js';
import { permissionsOf } from './permissions.js';
import { findRequestingClient } from './requesting-client.js';

/** The state of an authorization request, from which {@link nextStep} decides. */
export interface AuthorizationState {
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  readonly signedIn: SignedIn | undefined;
  /** The subject under which the client knows the signed-in user. */
  readonly subject?: string;
  /** Whether the user has already given consent, for this request or for an earlier one. */
  readonly isAllowed: boolean;
}

/** The next step of an authorization request. */
export type NextStep =
  | { readonly step: 'sign-in' }
  | { readonly step: 'consent' }
  | { readonly step: 'refuse'; readonly error: OAuthError }
  | { readonly step: 'grant'; readonly signedIn: SignedIn };

/** Reads the state of an authorization request and finds its next step. */
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
    const client = await findRequestingClient(this.clients, request.clientId);
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

/** Returns the first missing step: sign-in, then consent. With `prompt=none` a missing step is an error instead. */
export function nextStep({ request, progress, signedIn, subject, isAllowed }: AuthorizationState): NextStep {
  const silent = request.prompt.includes('none');
  if (progress.denied) return { step: 'refuse', error: accessDenied('the user denied the request') };
  if (!signedIn || needsSignIn(request, progress, signedIn.session, subject)) {
    // A user has signed in for this request and is not the expected one. Asking again would not help.
    const isAnother = signedIn !== undefined && progress.signedIn === signedIn.session.id;
    return silent || isAnother
      ? { step: 'refuse', error: loginRequired('the expected user must sign in') }
      : { step: 'sign-in' };
  }
  if (!isAllowed) {
    return silent ? { step: 'refuse', error: consentRequired('the user must consent') } : { step: 'consent' };
  }
  return { step: 'grant', signedIn };
}
