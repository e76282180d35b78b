import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime, randomSecret, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { STATE_STORE } from '../../database/state-store.module.js';
import { formTokenOf } from '../../http/form-token.js';
import { AuthorizationCookies } from './authorization-cookies.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { AuthorizationProgress } from './progress.js';

/** How long an authorization that has ended is remembered, so that its pages can say what became of it, in seconds. */
const REMEMBERED = 3600;

interface StoredAuthorization {
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  /** SHA-256 of the browser's secret, base64url. */
  readonly browser: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The client has its answer. */
  readonly answered: boolean;
}

/** An authorization that waits for its person. */
export interface PendingAuthorization {
  readonly state: 'pending';
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  /** The token for a form of this authorization in this browser. */
  formToken(...purpose: readonly string[]): string;
}

/** An authorization that cannot go on. Of an unknown one, or one of another browser, nothing is told. */
export type ClosedAuthorization =
  { readonly state: 'answered' | 'expired'; readonly clientId: string } | { readonly state: 'unknown' };

/**
 * The authorization requests that wait until a person has signed in and consented. Only the browser that started one
 * can go on with it, so that nobody signs somebody else in (RFC 9700 §4.7); several wait side by side.
 */
@Injectable()
export class PendingAuthorizations {
  constructor(
    private readonly cookies: AuthorizationCookies,
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SIGN_IN_LIFETIME'>,
  ) {}

  /** Keeps a request and returns its id, which may be seen in URLs. */
  async add(httpRequest: FastifyRequest, reply: FastifyReply, request: AuthorizationRequest): Promise<string> {
    const id = randomSecret();
    const lifetime = this.config.SIGN_IN_LIFETIME;
    const secret = this.cookies.issue(httpRequest, reply, id, lifetime + REMEMBERED);
    const stored: StoredAuthorization = {
      request,
      progress: {},
      browser: digest(secret),
      expiresAt: Date.now() + lifetime * 1000,
      answered: false,
    };
    await this.store.set(keyOf(id), stored, lifetime + REMEMBERED);
    return id;
  }

  /** The authorization of an id, if this browser started it. */
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

  /** Writes down what the person did. One that was answered meanwhile stays as it is. */
  async note({ id }: PendingAuthorization, progress: AuthorizationProgress): Promise<void> {
    await this.change(id, (stored) => ({ ...stored, progress: { ...stored.progress, ...progress } }));
  }

  /** Closes an authorization before it is answered; true for the one caller who may answer it. */
  close({ id }: PendingAuthorization): Promise<boolean> {
    return this.change(id, (stored) => ({ ...stored, answered: true }));
  }

  /** Changes one that is not answered yet, however many change it at the same time. */
  private async change(id: string, change: (stored: StoredAuthorization) => StoredAuthorization): Promise<boolean> {
    const found = await this.store.get<StoredAuthorization>(keyOf(id));
    if (!found || found.value.answered) return false;
    const remaining = Math.max(0, found.value.expiresAt - Date.now()) / 1000 + REMEMBERED;
    const changed = await this.store.compareAndSet(keyOf(id), found.version, change(found.value), remaining);
    return changed || this.change(id, change);
  }
}

const keyOf = (id: string): string => `authorization:${id}`;

const digest = (secret: string): string => sha256(secret).toString('base64url');
