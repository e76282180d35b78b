import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { ProviderAdmission } from '../../database/provider-admission.js';
import { STATE_STORE } from '../../database/state-store.module.js';
import { formTokenOf } from '../../http/form-token.js';
import { AuthorizationCookies } from './authorization-cookies.js';
import type { AuthorizationProgress } from './authorization-progress.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** The seconds for which a closed authorization is kept, so that its pages can say why it is closed. */
const CLOSED_LIFETIME = 3600;

/** The seconds for which a request waits to be claimed, which the next request of its browser does. */
const UNCLAIMED_LIFETIME = 300;

interface StoredAuthorization {
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  /** The SHA-256 of the secret in the browser's cookie, base64url; absent until a browser has claimed the request. */
  readonly browser?: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether the response was sent. */
  readonly answered: boolean;
}

/** An authorization that waits for its user. */
export interface PendingAuthorization {
  readonly state: 'pending';
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  /** Returns the token for a form of this authorization in this browser. */
  formToken(...purpose: readonly string[]): string;
}

/**
 * An authorization that cannot continue. `unknown` includes those of other browsers, about which nothing is revealed.
 */
export type ClosedAuthorization =
  { readonly state: 'answered' | 'expired'; readonly clientId: string } | { readonly state: 'unknown' };

/**
 * Stores authorization requests until their users have signed in and consented. Only the browser that started an
 * authorization can continue it, which prevents an attacker from signing in a victim (RFC 9700 §4.7). A browser can
 * have several of them at the same time.
 */
@Injectable()
export class PendingAuthorizations {
  constructor(
    private readonly cookies: AuthorizationCookies,
    private readonly admission: ProviderAdmission,
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SIGN_IN_LIFETIME'>,
  ) {}

  /**
   * Stores a request. Returns its id, which is no secret and may appear in URLs.
   *
   * @throws TooManyRequestsError when the network of the browser has sent too many requests.
   */
  async add(httpRequest: FastifyRequest, reply: FastifyReply, request: AuthorizationRequest): Promise<string> {
    await this.admit(httpRequest);
    const id = randomSecret();
    const secret = this.cookies.issue(httpRequest, reply, id, this.lifetime);
    await this.store.set(keyOf(id), { ...this.unclaimed(request), browser: digest(secret) }, this.lifetime);
    return id;
  }

  /**
   * Stores a request that came without the cookies of the browser, such as the form of another site. Returns its id.
   * The next request of the browser brings the cookies, and {@link claim} then binds the authorization to it.
   *
   * @throws TooManyRequestsError when the network of the browser has sent too many requests.
   */
  async addUnclaimed(httpRequest: FastifyRequest, request: AuthorizationRequest): Promise<string> {
    await this.admit(httpRequest);
    const id = randomSecret();
    await this.store.set(keyOf(id), this.unclaimed(request), UNCLAIMED_LIFETIME);
    return id;
  }

  /**
   * Binds an unclaimed authorization to this browser. Of concurrent callers, one succeeds. Claiming the request of another
   * browser gives an attacker nothing: it is like opening the same URL of `/authorize`.
   */
  async claim(httpRequest: FastifyRequest, reply: FastifyReply, id: string): Promise<PendingAuthorization | undefined> {
    const found = await this.store.get<StoredAuthorization>(keyOf(id));
    if (!found || found.value.browser !== undefined) return undefined;
    const { request, progress } = found.value;
    const secret = randomSecret();
    const claimed = { ...this.unclaimed(request), browser: digest(secret) };
    if (!(await this.store.compareAndSet(keyOf(id), found.version, claimed, this.lifetime))) return undefined;
    this.cookies.issue(httpRequest, reply, id, this.lifetime, secret);
    return pendingAuthorization(id, secret, request, progress);
  }

  /** Returns the authorization with an id if this browser started it. */
  async find(httpRequest: FastifyRequest, id: string | undefined): Promise<PendingAuthorization | ClosedAuthorization> {
    const secret = id && this.cookies.read(httpRequest, id);
    const stored = secret ? (await this.store.get<StoredAuthorization>(keyOf(id)))?.value : undefined;
    if (!id || !secret || stored?.browser === undefined || !equalInConstantTime(stored.browser, digest(secret)))
      return { state: 'unknown' };
    const { request, progress } = stored;
    if (stored.answered) return { state: 'answered', clientId: request.clientId };
    if (stored.expiresAt <= Date.now()) return { state: 'expired', clientId: request.clientId };
    return pendingAuthorization(id, secret, request, progress);
  }

  /** Adds to the progress of an authorization. Does nothing when the response was already sent. */
  async saveProgress({ id }: PendingAuthorization, progress: AuthorizationProgress): Promise<void> {
    await this.change(id, (stored) => ({ ...stored, progress: { ...stored.progress, ...progress } }));
  }

  /** Closes an authorization before its response is sent. Of concurrent callers, the one that may send it gets true. */
  close({ id }: PendingAuthorization): Promise<boolean> {
    return this.change(id, (stored) => ({ ...stored, answered: true }));
  }

  /** The seconds for which an authorization is stored, the time after its end included. */
  private get lifetime(): number {
    return this.config.SIGN_IN_LIFETIME + CLOSED_LIFETIME;
  }

  private unclaimed(request: AuthorizationRequest): StoredAuthorization {
    return { request, progress: {}, expiresAt: Date.now() + this.config.SIGN_IN_LIFETIME * 1000, answered: false };
  }

  private admit({ ip }: FastifyRequest): Promise<void> {
    return this.admission.admit('authorization-request', networkOf(ip));
  }

  /** Changes an authorization whose response was not sent yet. Repeats the change when another caller was faster. */
  private async change(id: string, change: (stored: StoredAuthorization) => StoredAuthorization): Promise<boolean> {
    const found = await this.store.get<StoredAuthorization>(keyOf(id));
    if (!found || found.value.answered) return false;
    const remaining = Math.max(0, found.value.expiresAt - Date.now()) / 1000 + CLOSED_LIFETIME;
    const changed = await this.store.compareAndSet(keyOf(id), found.version, change(found.value), remaining);
    return changed || this.change(id, change);
  }
}

const pendingAuthorization = (
  id: string,
  secret: string,
  request: AuthorizationRequest,
  progress: AuthorizationProgress,
): PendingAuthorization => ({
  state: 'pending',
  id,
  request,
  progress,
  formToken: (...purpose) => formTokenOf(secret, ...purpose),
});

const keyOf = (id: string): string => `authorization:${id}`;

const digest = (secret: string): string => sha256(secret).toString('base64url');
