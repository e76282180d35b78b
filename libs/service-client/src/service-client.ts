import { GRANT_TYPE, sha256, TOKEN_TYPE } from '@trefoil/oauth-protocol';
import type { AccessToken, TokenSource } from './access-token.js';
import { ProviderConnection, type ServiceClientOptions } from './provider-connection.js';
import { TokenCache } from './token-cache.js';

const MOST_MACHINE_TOKENS = 100;
const MOST_EXCHANGED_TOKENS = 1000;

/** What a machine token is for. */
export interface TokenRequest {
  /** The resource server (RFC 8707 §2); may be left out when the client has only one. */
  resource?: string;
  /** Scopes, separated by spaces. */
  scope: string;
}

/** What a user's token is exchanged for. */
export interface ExchangeRequest {
  /** The access token that came in. */
  subjectToken: string;
  resource: string;
  scope: string;
}

/**
 * A server as a client of the provider: gets tokens for itself and in exchange for its users', and keeps them for all
 * callers until they end.
 *
 * What asks the provider throws TokenRequestRefused, ServiceUnavailable or UnexpectedResponse.
 */
export class ServiceClient {
  /** The client's own id. */
  readonly clientId: string;
  private readonly provider: ProviderConnection;
  private readonly machineTokens: TokenCache;
  private readonly exchangedTokens: TokenCache;

  /** @throws TypeError when the issuer is neither https nor on this machine. */
  constructor(options: ServiceClientOptions) {
    const now = options.now ?? Date.now;
    this.clientId = options.clientId;
    this.provider = new ProviderConnection(options);
    this.machineTokens = new TokenCache(MOST_MACHINE_TOKENS, now);
    this.exchangedTokens = new TokenCache(MOST_EXCHANGED_TOKENS, now);
  }

  /** A token of the client for itself (RFC 6749 §4.4). */
  token({ resource, scope }: TokenRequest): Promise<AccessToken> {
    const parameters = { ...(resource !== undefined && { resource }), scope };
    const request = () => this.provider.requestToken(GRANT_TYPE.clientCredentials, parameters);
    return this.machineTokens.get(JSON.stringify([resource, scope]), request);
  }

  /** A token with which the client acts for the user of another token, at another resource server (RFC 8693 §2). */
  exchange({ subjectToken, resource, scope }: ExchangeRequest): Promise<AccessToken> {
    const subject = { subject_token: subjectToken, subject_token_type: TOKEN_TYPE.accessToken };
    const request = () => this.provider.requestToken(GRANT_TYPE.tokenExchange, { ...subject, resource, scope });
    const key = JSON.stringify([sha256(subjectToken).toString('base64url'), resource, scope]);
    return this.exchangedTokens.get(key, request);
  }

  /** Whether a token that came in is still good, asked at the provider each time (RFC 7662). */
  isActive(token: string): Promise<boolean> {
    return this.provider.isActive(token);
  }

  /** Gives up a token that a resource server did not accept. */
  forget(token: Pick<AccessToken, 'value'>): void {
    this.machineTokens.forget(token);
    this.exchangedTokens.forget(token);
  }

  /** The machine token of a request, for a {@link ResourceClient}. */
  machineToken(request: TokenRequest): TokenSource {
    return { get: () => this.token(request), forget: (token) => this.forget(token) };
  }

  /** The exchanged token of a request, for a {@link ResourceClient}. */
  exchangedToken(request: ExchangeRequest): TokenSource {
    return { get: () => this.exchange(request), forget: (token) => this.forget(token) };
  }
}
