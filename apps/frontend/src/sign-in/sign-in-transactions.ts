import { Inject, Injectable } from '@nestjs/common';
import type { StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { BrowserEntries, type EntryKind } from '../http/browser-bound-store.js';
import { Cookies } from '../http/cookies.js';
import { Sealer } from '../database/encryption.js';
import { STATE_STORE } from '../database/state-store.js';

/** A sign-in under way; once its answer has come, only where it led is kept, for who reloads that page. */
export const SignInTransaction = z.discriminatedUnion('status', [
  z.object({ status: z.literal('open'), returnTo: z.string(), nonce: z.string(), codeVerifier: z.string() }),
  z.object({ status: z.literal('answered'), returnTo: z.string() }),
]);
export type SignInTransaction = z.infer<typeof SignInTransaction>;

const KIND: EntryKind<SignInTransaction> = {
  name: 'sign-in',
  ttlSeconds: 10 * 60,
  limit: 10,
  schema: SignInTransaction,
};

/**
 * The sign-ins under way, one each tab. A transaction's handle is its `state`, and it is good only in the browser that
 * began it: nobody can be signed in to somebody else's account (RFC 9700 §4.7).
 */
@Injectable()
export class SignInTransactions extends BrowserEntries<SignInTransaction> {
  constructor(@Inject(STATE_STORE) store: StateStore, cookies: Cookies, sealer: Sealer) {
    super(KIND, store, cookies, sealer);
  }
}
