import { GRANT_TYPE, sha256, TOKEN_TYPE } from '@trefoil/oauth-protocol';
import type { ServerMetadata } from 'openid-client';
import type { AccessToken, TokenSource } from './access-token.js';
import {
  type Introspection,
  ProviderConnection,
  type ResourceParameter,
  type ServiceClientOptions,
} from './provider-connection.js';
import { TokenCache } from './token-cache.js';

const MOST_MACHINE_TOKENS = 100;
const MOST_EXCHANGED_TOKENS = 1000;

/** Describes a token that a client requests for itself. */
export interface TokenRequest {
  /** The resource server that the token is for (RFC 8707 §2). Optional when the client has only one. */
  resource?: string;
  /** Scopes, separated by spaces. */
  scope: string;
}

/** Describes a token that a client requests in exchange for a user's token. */
export interface ExchangeRequest {
  /** The user's access token, as the client received it. */
  subjectToken: string;
  /** The resource server that the new token is for. Optional when the client may call only one. */
  resource?: string;
  /** Scopes, separated by spaces. */
  scope: string;
}

/**
 * Gets tokens from the provider for a server that is its client: for the server itself, and in exchange for users' tokens.
 * Keeps them for all callers until they expire.
 *
 * The methods that call the provider throw TokenRequestRefused, ServiceUnavailable or UnexpectedResponse.
 */
export class ServiceClient {
  readonly clientId: string;
  private readonly resourceParameter: ResourceParameter;
  private readonly provider: ProviderConnection;
  private readonly machineTokens: TokenCache;
  private readonly exchangedTokens: TokenCache;

  /** @throws TypeError when the address of the provider is neither https, nor http on loopback or at an allowed origin. */
  constructor(options: ServiceClientOptions) {
    const now = options.now ?? Date.now;
    this.clientId = options.clientId;
    this.resourceParameter = options.resourceParameter ?? 'resource';
    this.provider = new ProviderConnection(options);
    this.machineTokens = new TokenCache(MOST_MACHINE_TOKENS, now);
    this.exchangedTokens = new TokenCache(MOST_EXCHANGED_TOKENS, now);
  }

  /** Returns a token of the client for itself (RFC 6749 §4.4). */
  token({ resource, scope }: TokenRequest): Promise<AccessToken> {
    const parameters = { ...this.target(resource), scope };
    const request = () => this.provider.requestToken(GRANT_TYPE.clientCredentials, parameters);
    return this.machineTokens.get(JSON.stringify([resource, scope]), request);
  }

  /** Returns a token with which the client acts for a user at another resource server (RFC 8693 §2). */
  exchange({ subjectToken, resource, scope }: ExchangeRequest): Promise<AccessToken> {
    const subject = { subject_token: subjectToken, subject_token_type: TOKEN_TYPE.accessToken };
    const request = () =>
      this.provider.requestToken(GRANT_TYPE.tokenExchange, { ...subject, ...this.target(resource), scope });
    const key = JSON.stringify([sha256(subjectToken).toString('base64url'), resource, scope]);
    return this.exchangedTokens.get(key, request);
  }

  private target(resource: string | undefined): Record<string, string> {
    return resource === undefined || this.resourceParameter === 'none' ? {} : { [this.resourceParameter]: resource };
  }

  /** Asks the provider about a token that the client received (RFC 7662). The answer is not cached. */
  introspect(token: string): Promise<Introspection> {
    return this.provider.introspect(token);
  }

  /** Returns the metadata of the provider (RFC 8414 §2), which is read once. */
  metadata(): Promise<ServerMetadata> {
    return this.provider.metadata();
  }

  /** Discards a token that a resource server did not accept. */
  forget(token: Pick<AccessToken, 'value'>): void {
    this.machineTokens.forget(token);
    this.exchangedTokens.forget(token);
  }

  /** Returns a source of the client's own tokens, for a {@link ResourceClient}. */
  machineToken(request: TokenRequest): TokenSource {
    return { get: () => this.token(request), forget: (token) => this.forget(token) };
  }

  /** Returns a source of exchanged tokens, for a {@link ResourceClient}. */
  exchangedToken(request: ExchangeRequest): TokenSource {
    return { get: () => this.exchange(request), forget: (token) => this.forget(token) };
  }
}
