import { Inject, Injectable } from '@nestjs/common';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BrowserEntries, type EntryKind } from '../http/browser-bound-store.js';
import { Cookies } from '../http/cookies.js';
import { Sealer } from '../database/encryption.js';
import { STATE_STORE } from '../database/state-store.js';
import { formToken } from './form-token.guard.js';
import { FormTokens, ownerMarkIn } from './form-token.js';
import type { Session } from '../session/session.js';

/** What a person had filled in, by the names of the inputs. */
export type HeldValues = Readonly<Record<string, string>>;

const HeldForm = z.object({ page: z.string(), owner: z.string(), values: z.record(z.string(), z.string()) });

const KIND: EntryKind<z.infer<typeof HeldForm>> = {
  name: 'held-form',
  ttlSeconds: 60 * 60,
  limit: 10,
  schema: HeldForm,
};

/** Forms that found their session gone: kept for an hour, and offered again to the same person in the same browser. */
@Injectable()
export class HeldForms {
  private readonly entries: BrowserEntries<z.infer<typeof HeldForm>>;

  constructor(
    @Inject(STATE_STORE) store: StateStore,
    cookies: Cookies,
    sealer: Sealer,
    private readonly formTokens: FormTokens,
  ) {
    this.entries = new BrowserEntries(KIND, store, cookies, sealer);
  }

  /** Keeps the form that a request sends, and returns the path at which its page offers it again. */
  async hold(request: FastifyRequest, reply: FastifyReply, page: string): Promise<string> {
    const values = Object.entries(request.body ?? {}).filter(
      (field): field is [string, string] => typeof field[1] === 'string' && field[0] !== 'form_token',
    );
    const owner = ownerMarkIn(formToken(request.body));
    const handle = await this.entries.create(request, reply, { page, owner, values: Object.fromEntries(values) });
    return `${page}?held=${handle}`;
  }

  /** What was filled in on a page, if it was kept for this person. */
  async find(request: FastifyRequest, session: Session, page: string): Promise<HeldValues | undefined> {
    const handle = z.object({ held: z.string().max(100) }).safeParse(request.query).data?.held;
    const form = handle === undefined ? undefined : (await this.entries.find(request, handle))?.value;
    return form?.page === page && this.formTokens.isOwner(session, form.owner) ? form.values : undefined;
  }
}
