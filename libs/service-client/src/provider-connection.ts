import type { GrantTypeName } from '@trefoil/oauth-protocol';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  discovery,
  genericGrantRequest,
  tokenIntrospection,
} from 'openid-client';
import type { AccessToken } from './access-token.js';
import { answerOf } from './answer-of.js';
import { type RetryClock, withRetries } from './retries.js';
import { secureUrl } from './secure-url.js';
import { tokenFailure } from './token-failure.js';

const TIMEOUT_SECONDS = 2;
/** For a provider that does not say how long its tokens live, though it should (RFC 6749 §5.1). */
const ASSUMED_LIFE_SECONDS = 60;

/** Who the client is, and to whom. */
export interface ServiceClientOptions extends RetryClock {
  /** The provider, exactly as it writes itself. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The global `fetch` when not given. */
  fetch?: typeof fetch;
}

/** The token endpoint of a provider, found by discovery when it is first needed. */
export class ProviderConnection {
  private readonly issuer: URL;
  private readonly now: () => number;
  private configuration?: Promise<Configuration>;

  constructor(private readonly options: ServiceClientOptions) {
    this.issuer = secureUrl(options.issuer);
    this.now = options.now ?? Date.now;
  }

  /**
   * Asks for a token; a request for one may be repeated, as each answer stands for itself.
   *
   * @throws TokenRequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  requestToken(grantType: GrantTypeName, parameters: Record<string, string>): Promise<AccessToken> {
    const attempt = () => this.requestOnce(grantType, parameters);
    return withRetries(attempt, TIMEOUT_SECONDS * 1000, this.options);
  }

  /**
   * Whether a token is good, in the provider's own words (RFC 7662 §2.2).
   *
   * @throws TokenRequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  isActive(token: string): Promise<boolean> {
    return withRetries(() => this.introspect(token), TIMEOUT_SECONDS * 1000, this.options);
  }

  private async introspect(token: string): Promise<boolean> {
    try {
      return (await tokenIntrospection(await this.discover(), token)).active;
    } catch (error) {
      throw await tokenFailure(error);
    }
  }

  private async requestOnce(grantType: GrantTypeName, parameters: Record<string, string>): Promise<AccessToken> {
    const requestedAt = this.now();
    try {
      const answer = await genericGrantRequest(await this.discover(), grantType, parameters);
      const { access_token, expires_in = ASSUMED_LIFE_SECONDS, scope = parameters.scope ?? '' } = answer;
      const expiresAt = new Date(requestedAt + expires_in * 1000);
      return { value: access_token, expiresAt, scopes: new Set(scope.split(' ').filter(Boolean)) };
    } catch (error) {
      throw await tokenFailure(error);
    }
  }

  /** The provider's metadata, kept once it was read; a failure is not kept. */
  private discover(): Promise<Configuration> {
    const { clientId, clientSecret, fetch: fetchAny = fetch } = this.options;
    this.configuration ??= discovery(this.issuer, clientId, undefined, ClientSecretBasic(clientSecret), {
      timeout: TIMEOUT_SECONDS,
      execute: this.issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
      // The library's own type of `init` is a little wider than what it sends.
      [customFetch]: (url, init) => answerOf(this.issuer, () => fetchAny(url, init as RequestInit), this.now),
    }).catch((error: unknown) => {
      this.configuration = undefined;
      throw error;
    });
    return this.configuration;
  }
}
