import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { STATE_STORE } from '../../database/state-store.module.js';
import { formTokenOf } from '../../http/form-token.js';
import { AuthorizationCookies } from './authorization-cookies.js';
import type { AuthorizationProgress } from './authorization-progress.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** The seconds for which a closed authorization is kept, so that its pages can say why it is closed. */
const CLOSED_LIFETIME = 3600;

interface StoredAuthorization {
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  /** The SHA-256 of the secret in the browser's cookie, base64url. */
  readonly browser: string;
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
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SIGN_IN_LIFETIME'>,
  ) {}

  /** Stores a request. Returns its id, which is no secret and may appear in URLs. */
  async add(httpRequest: FastifyRequest, reply: FastifyReply, request: AuthorizationRequest): Promise<string> {
    const id = randomSecret();
    const lifetime = this.config.SIGN_IN_LIFETIME;
    const secret = this.cookies.issue(httpRequest, reply, id, lifetime + CLOSED_LIFETIME);
    const stored: StoredAuthorization = {
      request,
      progress: {},
      browser: digest(secret),
      expiresAt: Date.now() + lifetime * 1000,
      answered: false,
    };
    await this.store.set(keyOf(id), stored, lifetime + CLOSED_LIFETIME);
    return id;
  }

  /** Returns the authorization with an id if this browser started it. */
  async find(httpRequest: FastifyRequest, id: string | undefined): Promise<PendingAuthorization | ClosedAuthorization> {
    const secret = id && this.cookies.read(httpRequest, id);
    const stored = secret && (await this.store.get<StoredAuthorization>(keyOf(id)))?.value;
    if (!stored || !equalInConstantTime(stored.browser, digest(secret))) return { state: 'unknown' };
    const { request, progress } = stored;
    if (stored.answered) return { state: 'answered', clientId: request.clientId };
    if (stored.expiresAt <= Date.now()) return { state: 'expired', clientId: request.clientId };
    const formToken = (...purpose: readonly string[]) => formTokenOf(secret, ...purpose);
    return { state: 'pending', id, request, progress, formToken };
  }

  /** Adds to the progress of an authorization. Does nothing when the response was already sent. */
  async saveProgress({ id }: PendingAuthorization, progress: AuthorizationProgress): Promise<void> {
    await this.change(id, (stored) => ({ ...stored, progress: { ...stored.progress, ...progress } }));
  }

  /** Closes an authorization before its response is sent. Of concurrent callers, the one that may send it gets true. */
  close({ id }: PendingAuthorization): Promise<boolean> {
    return this.change(id, (stored) => ({ ...stored, answered: true }));
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

const keyOf = (id: string): string => `authorization:${id}`;

const digest = (secret: string): string => sha256(secret).toString('base64url');
