import { Inject, Injectable } from '@nestjs/common';
import type { StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { SealedEntries } from '../database/sealed-entries.js';
import { STATE_STORE } from '../database/state-store.js';
import { BrowserBoundStore, type EntryKind } from '../http/browser-bound-store.js';
import { Cookies } from '../http/cookies.js';
import { MOST_STARTED_SIGN_INS, SIGN_IN_SECONDS } from '../limits.js';

/** A sign-in that has started. Once it is answered, only the page to return to is kept, for a callback that is reloaded. */
export const SignInTransaction = z.discriminatedUnion('status', [
  z.object({ status: z.literal('open'), returnTo: z.string(), nonce: z.string(), codeVerifier: z.string() }),
  z.object({ status: z.literal('answered'), returnTo: z.string() }),
]);
export type SignInTransaction = z.infer<typeof SignInTransaction>;

const KIND: EntryKind<SignInTransaction> = {
  name: 'sign-in',
  ttlSeconds: SIGN_IN_SECONDS,
  limit: MOST_STARTED_SIGN_INS,
  schema: SignInTransaction,
};

/**
 * Stores the sign-ins that have started, one for each tab. The handle of a transaction is its `state`.
 *
 * A transaction is valid only in the browser that started it. An attacker therefore cannot sign a victim in to the
 * attacker's account (RFC 9700 §4.7).
 */
@Injectable()
export class SignInTransactions extends BrowserBoundStore<SignInTransaction> {
  constructor(@Inject(STATE_STORE) store: StateStore, cookies: Cookies, entries: SealedEntries) {
    super(KIND, store, cookies, entries);
  }
}
