import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { FormTokens, ownerIn } from '../forms/form-token.js';
import { formTokenIn, valuesOf } from '../forms/form-values.js';
import { SubmittedForm } from '../forms/submitted-form.js';
import { isNavigation } from '../http/request-kind.js';

/** Shows submitted forms that could not be processed again, inside the error page. */
@Injectable()
export class UnsentForms {
  constructor(private readonly formTokens: FormTokens) {}

  /** Returns the form that a request submits, filled in. Returns undefined when the request submits no text. */
  show(request: FastifyRequest): VNode | undefined {
    const { form, body, url } = request;
    if (!form || Object.keys(form.labels).length === 0 || !isNavigation(request)) return undefined;
    return <SubmittedForm action={url} formToken={this.tokenFor(request)} form={form} values={valuesOf(form, body)} />;
  }

  /**
   * Returns the form token of the current session, so that sending the form again works. A form of another user, or of no
   * session that can be read now, keeps its token.
   */
  private tokenFor({ session, body }: FastifyRequest): string {
    const submitted = formTokenIn(body);
    const isForeign =
      session && this.formTokens.isIssued(submitted) && !this.formTokens.isOwner(session, ownerIn(submitted));
    if (session && !isForeign) return this.formTokens.create(session);
    return typeof submitted === 'string' ? submitted : '';
  }
}
