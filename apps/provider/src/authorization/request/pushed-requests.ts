import { Inject, Injectable } from '@nestjs/common';
import { Parameters, randomSecret } from '@trefoil/oauth-protocol';
import { parseForm } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { STATE_STORE } from '../../database/state-store.module.js';

const PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** The content of a pushed authorization request. */
export interface PushedContent {
  readonly parameters: Parameters;
  /** Whether all parameters come from a signed request object (RFC 9126 §3). */
  readonly isSigned: boolean;
}

interface StoredRequest extends Pick<PushedContent, 'isSigned'> {
  readonly clientId: string;
  /** The parameters in form encoding. */
  readonly parameters: string;
}

/** Returns whether a `request_uri` has the form of those that the provider issues (RFC 9126 §2.2). */
export const isPushedRequestUri = (requestUri: string): boolean => requestUri.startsWith(PREFIX);

/**
 * Stores pushed authorization requests (RFC 9126). A request can be read several times until it expires, because the
 * user may reload the page, but it gets one response only.
 */
@Injectable()
export class PushedRequests {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'PAR_LIFETIME' | 'SIGN_IN_LIFETIME'>,
  ) {}

  /** Stores a request. Returns its `request_uri`, which cannot be guessed (RFC 9126 §7.1). */
  async add(clientId: string, { parameters, isSigned }: PushedContent): Promise<string> {
    const requestUri = PREFIX + randomSecret();
    const stored: StoredRequest = { clientId, isSigned, parameters: parameters.toURLSearchParams().toString() };
    await this.store.set(keyOf(requestUri), stored, this.config.PAR_LIFETIME);
    return requestUri;
  }

  /** Returns a request; undefined when it is unknown, has expired, was consumed or belongs to another client. */
  async find(requestUri: string, clientId: string): Promise<PushedContent | undefined> {
    const stored = (await this.store.get<StoredRequest>(keyOf(requestUri)))?.value;
    if (stored?.clientId !== clientId) return undefined;
    return { parameters: Parameters.from(parseForm(stored.parameters)), isSigned: stored.isSigned };
  }

  /**
   * Consumes a request, even if it has expired since it was read. Of concurrent callers, the one that may respond gets
   * true.
   */
  async consume(requestUri: string): Promise<boolean> {
    const { PAR_LIFETIME, SIGN_IN_LIFETIME } = this.config;
    // A sign-in that started just before the request expired can still finish within this time.
    const isFirst = await this.store.setIfAbsent(`${keyOf(requestUri)}:used`, true, PAR_LIFETIME + SIGN_IN_LIFETIME);
    await this.store.delete(keyOf(requestUri));
    return isFirst;
  }
}

const keyOf = (requestUri: string): string => `pushed-request:${requestUri.slice(PREFIX.length)}`;
