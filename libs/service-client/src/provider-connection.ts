import type { GrantTypeName } from '@trefoil/oauth-protocol';
import {
  allowInsecureRequests,
  type Configuration,
  customFetch,
  discovery,
  type DPoPHandle,
  genericGrantRequest,
  getDPoPHandle,
  tokenIntrospection,
} from 'openid-client';
import type { AccessToken } from './access-token.js';
import { certificateFetch } from './certificate-fetch.js';
import { clientAuthentication, type ClientCredentialOptions, requireCredentials } from './client-authentication.js';
import { DpopKey } from './dpop-key.js';
import { receiveResponse } from './receive-response.js';
import { type RetryClock, withRetries } from './retries.js';
import { secureUrl } from './secure-url.js';
import { tokenRequestError } from './token-request-error.js';

const TIMEOUT_SECONDS = 2;
/** The lifetime of a token when the provider does not send the recommended `expires_in` (RFC 6749 §5.1). */
const DEFAULT_LIFETIME_SECONDS = 60;

/** Configures a client of the provider. */
export interface ServiceClientOptions extends RetryClock, ClientCredentialOptions {
  /** The provider, exactly as in the `issuer` member of its metadata. */
  issuer: string;
  clientId: string;
  /** Whether tokens are bound to a key of the client (RFC 9449). */
  dpop?: boolean;
  /** Sends requests to the provider. Default: a `fetch` with the certificate, or the global one. */
  fetch?: typeof fetch;
}

/** The members of an introspection response that are used here (RFC 7662 §2.2). */
export interface Introspection {
  readonly active: boolean;
  /** The user of an active token, by the identifier that this server knows. */
  readonly sub?: string;
}

/** Calls the token and introspection endpoints of a provider. Finds them by discovery when they are first needed. */
export class ProviderConnection {
  private readonly issuer: URL;
  private readonly now: () => number;
  private readonly fetch: typeof fetch;
  private readonly dpop: Promise<DpopKey> | undefined;
  /** Keeps the nonces of the provider. */
  private proofs: DPoPHandle | undefined;
  private configuration?: Promise<Configuration>;

  /** @throws Error when the client has no credentials, or both a secret and a key. */
  constructor(private readonly options: ServiceClientOptions) {
    const { issuer, certificate } = options;
    requireCredentials(options);
    this.issuer = secureUrl(issuer);
    this.now = options.now ?? Date.now;
    this.fetch = options.fetch ?? (certificate ? certificateFetch(certificate) : (...request) => fetch(...request));
    this.dpop = options.dpop ? DpopKey.generate() : undefined;
  }

  /**
   * Requests a token. Repeats the request when the provider is unavailable, which is safe: each response is a new token.
   *
   * @throws TokenRequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  requestToken(grantType: GrantTypeName, parameters: Record<string, string>): Promise<AccessToken> {
    const attempt = () => this.requestOnce(grantType, parameters);
    return withRetries(attempt, TIMEOUT_SECONDS * 1000, this.options);
  }

  /**
   * Returns what the provider reports about a token (RFC 7662 §2.2).
   *
   * @throws TokenRequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  introspect(token: string): Promise<Introspection> {
    return withRetries(() => this.introspectOnce(token), TIMEOUT_SECONDS * 1000, this.options);
  }

  private async introspectOnce(token: string): Promise<Introspection> {
    try {
      const { active, sub } = await tokenIntrospection(await this.discover(), token);
      return { active, sub };
    } catch (error) {
      throw await tokenRequestError(error);
    }
  }

  private async requestOnce(grantType: GrantTypeName, parameters: Record<string, string>): Promise<AccessToken> {
    const requestedAt = this.now();
    try {
      const [configuration, dpop] = [await this.discover(), await this.dpop];
      this.proofs ??= dpop && getDPoPHandle(configuration, dpop.pair);
      const answer = await genericGrantRequest(configuration, grantType, parameters, { DPoP: this.proofs });
      const { access_token, expires_in = DEFAULT_LIFETIME_SECONDS, scope = parameters.scope ?? '' } = answer;
      const expiresAt = new Date(requestedAt + expires_in * 1000);
      return { value: access_token, expiresAt, scopes: new Set(scope.split(' ').filter(Boolean)), dpop };
    } catch (error) {
      throw await tokenRequestError(error);
    }
  }

  /** Returns the provider's metadata, which is read once. An error is not kept: the next call tries again. */
  private discover(): Promise<Configuration> {
    this.configuration ??= this.readMetadata().catch((error: unknown) => {
      this.configuration = undefined;
      throw error;
    });
    return this.configuration;
  }

  private async readMetadata(): Promise<Configuration> {
    const { clientId, certificate } = this.options;
    const metadata = { use_mtls_endpoint_aliases: certificate !== undefined };
    return discovery(this.issuer, clientId, metadata, await clientAuthentication(this.options), {
      timeout: TIMEOUT_SECONDS,
      execute: this.issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
      // The library's type of `init` is wider than the values that it sends.
      [customFetch]: (url, init) => receiveResponse(this.issuer, () => this.fetch(url, init as RequestInit), this.now),
    });
  }
}
