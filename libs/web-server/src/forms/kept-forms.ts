import { Inject, Injectable } from '@nestjs/common';
import { networkOf } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { WebServerAdmission } from '../database/web-server-admission.js';
import { SealedEntries } from '../database/sealed-entries.js';
import { STATE_STORE } from '../database/state-store.js';
import { BrowserBoundStore, type EntryKind } from '../http/browser-bound-store.js';
import { Cookies } from '../http/cookies.js';
import { KEPT_FORM_SECONDS, LARGEST_KEPT_FORM, MOST_KEPT_FORMS } from '../limits.js';
import type { Session } from '../session/session.js';
import type { FormDescription } from './form-page.js';
import { FormTokens, ownerIn } from './form-token.js';
import { formTokenIn, FormValues, valuesOf } from './form-values.js';

const KeptForm = z.object({ page: z.string(), owner: z.string(), values: z.record(z.string(), z.string()) });
type KeptForm = z.infer<typeof KeptForm>;

const KIND: EntryKind<KeptForm> = {
  name: 'held-form',
  ttlSeconds: KEPT_FORM_SECONDS,
  limit: MOST_KEPT_FORMS,
  schema: KeptForm,
};

/**
 * Keeps forms that were submitted after their session had ended. For one hour, the same user in the same browser finds
 * them filled in again.
 */
@Injectable()
export class KeptForms extends BrowserBoundStore<KeptForm> {
  constructor(
    @Inject(STATE_STORE) store: StateStore,
    cookies: Cookies,
    entries: SealedEntries,
    private readonly formTokens: FormTokens,
    private readonly admission: WebServerAdmission,
  ) {
    super(KIND, store, cookies, entries);
  }

  /**
   * Stores the form that a request submits. Returns the path at which its page shows the form filled in; undefined when the
   * form is not stored, because it is too long or this server issued no form token for it.
   *
   * @throws TooManyRequestsError when the network of the sender has too many forms kept.
   */
  async keep(request: FastifyRequest, reply: FastifyReply, form: FormDescription): Promise<string | undefined> {
    await this.admission.admit('kept-form', networkOf(request.ip));
    const token = formTokenIn(request.body);
    const values = valuesOf(form, request.body);
    const isTooLong = Buffer.byteLength(JSON.stringify(values)) > LARGEST_KEPT_FORM;
    if (isTooLong || !this.formTokens.isIssued(token)) return undefined;
    const kept = { page: form.page, owner: ownerIn(token), values };
    return `${form.page}?held=${await this.create(request, reply, kept)}`;
  }

  /** Returns the values of the kept form that a request names. Returns undefined if it is of another page or user. */
  async valuesFor(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    page: string,
  ): Promise<FormValues | undefined> {
    const handle = z.object({ held: z.string().max(100) }).safeParse(request.query).data?.held;
    const form = handle === undefined ? undefined : (await this.find(request, reply, handle))?.value;
    return form?.page === page && this.formTokens.isOwner(session, form.owner) ? form.values : undefined;
  }
}
