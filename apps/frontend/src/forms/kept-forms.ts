import { Inject, Injectable } from '@nestjs/common';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Encryption } from '../database/encryption.js';
import { STATE_STORE } from '../database/state-store.js';
import { BrowserBoundStore, type EntryKind } from '../http/browser-bound-store.js';
import { Cookies } from '../http/cookies.js';
import type { Session } from '../session/session.js';
import { FormTokens, ownerIn } from './form-token.js';
import { formTokenIn, type FormValues } from './form-values.js';

const KeptForm = z.object({ page: z.string(), owner: z.string(), values: z.record(z.string(), z.string()) });

const KIND: EntryKind<z.infer<typeof KeptForm>> = {
  name: 'held-form',
  ttlSeconds: 60 * 60,
  limit: 10,
  schema: KeptForm,
};

/**
 * Keeps forms that were submitted after their session had ended. For one hour, the same user in the same browser finds
 * them filled in again.
 */
@Injectable()
export class KeptForms {
  private readonly entries: BrowserBoundStore<z.infer<typeof KeptForm>>;

  constructor(
    @Inject(STATE_STORE) store: StateStore,
    cookies: Cookies,
    encryption: Encryption,
    private readonly formTokens: FormTokens,
  ) {
    this.entries = new BrowserBoundStore(KIND, store, cookies, encryption);
  }

  /** Stores the form that a request submits. Returns the path at which its page shows the form filled in. */
  async keep(request: FastifyRequest, reply: FastifyReply, page: string): Promise<string> {
    const values = Object.entries(request.body ?? {}).filter(
      (field): field is [string, string] => typeof field[1] === 'string' && field[0] !== 'form_token',
    );
    const owner = ownerIn(formTokenIn(request.body));
    const handle = await this.entries.create(request, reply, { page, owner, values: Object.fromEntries(values) });
    return `${page}?held=${handle}`;
  }

  /** Returns the values of the kept form that a request names. Returns undefined if it is of another page or user. */
  async find(request: FastifyRequest, session: Session, page: string): Promise<FormValues | undefined> {
    const handle = z.object({ held: z.string().max(100) }).safeParse(request.query).data?.held;
    const form = handle === undefined ? undefined : (await this.entries.find(request, handle))?.value;
    return form?.page === page && this.formTokens.isOwner(session, form.owner) ? form.values : undefined;
  }
}
