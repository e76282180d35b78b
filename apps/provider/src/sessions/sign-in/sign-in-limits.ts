import { Injectable } from '@nestjs/common';
import { type Attempt, networkOf } from '@trefoil/server-kit';
import { ProviderAdmission } from '../../database/provider-admission.js';

/** A failed or successful try to sign in. */
export interface SignInAttempt {
  /** The name that was typed. */
  readonly username: string;
  /** The network address of the request. */
  readonly address: string;
  /** The id of the browser if its user has signed in to this account in it before. */
  readonly knownBrowser: string | undefined;
}

/**
 * Limits failed sign-ins. Accounts are counted by the name that was typed, so that an unknown account behaves like an existing
 * one.
 *
 * A browser in which the person has signed in before has a counter of its own, so that no stranger can lock the person out,
 * not even one in the same network. From other browsers, failures count by network, then by account and network, and last by
 * account, so that a network over its limit cannot use up the limit of an account.
 */
@Injectable()
export class SignInLimits {
  constructor(private readonly admission: ProviderAdmission) {}

  /**
   * Counts an attempt before it is made, so that parallel attempts cannot exceed the limit.
   *
   * @throws TooManyRequestsError when a limit is used up.
   */
  begin({ username, address, knownBrowser }: SignInAttempt): Promise<Attempt> {
    const account = username.trim().toLowerCase();
    if (knownBrowser !== undefined) {
      return this.admission.attempt(['sign-in-account-network', `${account}\0browser ${knownBrowser}`]);
    }
    const network = networkOf(address);
    return this.admission.attempt(
      ['sign-in-network', network],
      ['sign-in-account-network', `${account}\0${network}`],
      ['sign-in-account', account],
    );
  }
}
