import { Inject, Injectable } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { STATE_STORE } from '../../database/state-store.module.js';
import { originOf } from '../../http/request-origin.js';
import { SessionCookie, type SignedIn } from '../../sessions/session-cookie.js';
import { SignedInPages } from '../../sessions/sign-in/signed-in-pages.js';
import { AdminVisit, type SingleUseForm } from './admin-visit.js';

const NO_FORM = Parameters.from({});

/**
 * Admits administrators to their pages, and accepts each form once. Some answers to a form show a secret, so that they are not
 * redirects; a reload of such an answer must not repeat its action.
 */
@Injectable()
export class AdminVisits {
  constructor(
    private readonly pages: SignedInPages,
    private readonly sessionCookie: SessionCookie,
    @Inject(STATE_STORE) private readonly store: Pick<StateStore, 'setIfAbsent'>,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SESSION_LIFETIME'>,
  ) {}

  /**
   * Returns the visit of a request that only reads. Redirects to the sign-in page and returns undefined when nobody is signed in.
   *
   * @throws ProblemError 403 when the user is not an administrator.
   */
  async open(request: FastifyRequest, reply: FastifyReply): Promise<AdminVisit | undefined> {
    const signedIn = await this.pages.requireAdministrator(request, reply);
    return signedIn && this.visit(request, reply, signedIn, NO_FORM);
  }

  /**
   * Returns the visit of a request that submits a form.
   *
   * @throws ProblemError 403 when the user is not an administrator or the form token is wrong, 409 when the form was sent before.
   */
  async submitted(request: FastifyRequest, reply: FastifyReply): Promise<AdminVisit | undefined> {
    const signedIn = await this.pages.requireAdministrator(request, reply);
    if (!signedIn) return undefined;
    const form = Parameters.from(request.body as RawParameters);
    const formId = form.get('form_id') ?? '';
    this.sessionCookie.checkFormToken(request, purposeOf(formId), form.get('form_token'));
    // The form token belongs to the session, which has ended when the store forgets the form.
    if (!(await this.store.setIfAbsent(`admin-form:${formId}`, true, this.config.SESSION_LIFETIME))) {
      throw new ProblemError(409, 'This form was sent before', {
        detail: 'It was not sent again. Open the page of what you wanted to change to see its state.',
      });
    }
    return this.visit(request, reply, signedIn, form);
  }

  private visit(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn, form: Parameters): AdminVisit {
    const frame = this.pages.frame(request, signedIn, '/admin');
    const origin = { ...originOf(request), actor: signedIn.user.id };
    const query = Parameters.from(request.query as RawParameters);
    return new AdminVisit(reply, { frame, form: this.newForm(request) }, origin, query, form);
  }

  private newForm(request: FastifyRequest): SingleUseForm {
    const formId = randomUUID();
    return { formId, formToken: this.sessionCookie.formToken(request, purposeOf(formId)) };
  }
}

const purposeOf = (formId: string): string => `/admin ${formId}`;
