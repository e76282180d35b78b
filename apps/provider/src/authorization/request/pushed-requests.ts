import { Inject, Injectable } from '@nestjs/common';
import { Parameters, randomSecret } from '@trefoil/oauth-protocol';
import { parseForm } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { STATE_STORE } from '../../database/state-store.module.js';

const PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** What a client has pushed. */
export interface PushedContent {
  readonly parameters: Parameters;
  /** They were a request object that the client had signed (RFC 9126 §3). */
  readonly isSigned: boolean;
}

interface StoredRequest extends Pick<PushedContent, 'isSigned'> {
  readonly clientId: string;
  /** The parameters, form-encoded. */
  readonly parameters: string;
}

/** Whether a `request_uri` is one that a push is answered with (RFC 9126 §2.2), known or not. */
export const isPushedRequestUri = (requestUri: string): boolean => requestUri.startsWith(PREFIX);

/**
 * The authorization requests that clients have pushed (RFC 9126). Each belongs to its client and can be looked at until
 * it expires, so that a person may reload the page, but leads to one answer only.
 */
@Injectable()
export class PushedRequests {
  constructor(
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'PAR_LIFETIME' | 'SIGN_IN_LIFETIME'>,
  ) {}

  /** Keeps a request and returns its `request_uri`, which nobody can guess (RFC 9126 §7.1). */
  async add(clientId: string, { parameters, isSigned }: PushedContent): Promise<string> {
    const requestUri = PREFIX + randomSecret();
    const stored: StoredRequest = { clientId, isSigned, parameters: parameters.toURLSearchParams().toString() };
    await this.store.set(keyOf(requestUri), stored, this.config.PAR_LIFETIME);
    return requestUri;
  }

  /** A request; undefined when it is unknown, has expired, was answered or is another client's. */
  async find(requestUri: string, clientId: string): Promise<PushedContent | undefined> {
    const stored = (await this.store.get<StoredRequest>(keyOf(requestUri)))?.value;
    if (stored?.clientId !== clientId) return undefined;
    return { parameters: Parameters.from(parseForm(stored.parameters)), isSigned: stored.isSigned };
  }

  /** Ends a request, whether or not it has expired meanwhile; true for the one caller who may answer it. */
  async consume(requestUri: string): Promise<boolean> {
    const { PAR_LIFETIME, SIGN_IN_LIFETIME } = this.config;
    // As long as a page that began with it can still come to an end.
    const isFirst = await this.store.setIfAbsent(`${keyOf(requestUri)}:used`, true, PAR_LIFETIME + SIGN_IN_LIFETIME);
    await this.store.delete(keyOf(requestUri));
    return isFirst;
  }
}

const keyOf = (requestUri: string): string => `pushed-request:${requestUri.slice(PREFIX.length)}`;
