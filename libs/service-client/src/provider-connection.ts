import type { GrantTypeName } from '@trefoil/oauth-protocol';
import {
  allowInsecureRequests,
  Configuration,
  customFetch,
  type DPoPHandle,
  genericGrantRequest,
  getDPoPHandle,
  type ServerMetadata,
  tokenIntrospection,
} from 'openid-client';
import type { AccessToken } from './access-token.js';
import { certificateFetch } from './certificate-fetch.js';
import { clientAuthentication, type ClientCredentialOptions, requireCredentials } from './client-authentication.js';
import { DpopKey } from './dpop-key.js';
import { type ProviderAddress, providerFetch } from './provider-fetch.js';
import { readProviderMetadata } from './provider-metadata.js';
import { receiveResponse } from './receive-response.js';
import { type RetryClock, withRetries } from './retries.js';
import { secureUrl } from './secure-url.js';
import { tokenRequestError } from './token-request-error.js';

const TIMEOUT_SECONDS = 2;
/** The lifetime of a token when the provider does not send the recommended `expires_in` (RFC 6749 §5.1). */
const DEFAULT_LIFETIME_SECONDS = 60;

/** The parameter with which a client names the resource server of a token. */
export type ResourceParameter = 'resource' | 'audience' | 'none';

/** Configures a client of the provider. */
export interface ServiceClientOptions extends RetryClock, ProviderAddress, ClientCredentialOptions {
  clientId: string;
  /** Whether tokens are bound to a key of the client (RFC 9449). */
  dpop?: boolean;
  /**
   * The parameter of token requests that names the resource server: `resource` (RFC 8707 §2, the default), `audience`
   * (RFC 8693 §2.1), or none, at a provider that knows it from the scope.
   */
  resourceParameter?: ResourceParameter;
  /** Sends requests to the provider. Default: a `fetch` with the certificate, or the global one. */
  fetch?: typeof fetch;
}

/** The members of an introspection response that are used here (RFC 7662 §2.2). */
export interface Introspection {
  readonly active: boolean;
  /** The user of an active token, by the identifier that this server knows. */
  readonly sub?: string;
  /** The audiences of an active token, of which the response may have one or several; undefined when it names none. */
  readonly aud?: readonly string[];
  /** All members of the response, as the provider sent them. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Calls the token and introspection endpoints of a provider. Finds them by discovery when they are first needed. */
export class ProviderConnection {
  /** The address of the provider, for messages. */
  private readonly issuer: URL;
  private readonly now: () => number;
  private readonly fetch: typeof fetch;
  private readonly dpop: Promise<DpopKey> | undefined;
  /** Keeps the nonces of the provider. */
  private proofs: DPoPHandle | undefined;
  private configuration?: Promise<Configuration>;

  /** @throws Error when the client has no credentials, or both a secret and a key. */
  constructor(private readonly options: ServiceClientOptions) {
    const { issuer, certificate, plainHttpOrigins } = options;
    requireCredentials(options);
    this.issuer = secureUrl(options.internalUrl ?? issuer, plainHttpOrigins);
    this.now = options.now ?? Date.now;
    this.fetch = providerFetch(options, options.fetch ?? (certificate && certificateFetch(certificate)));
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

  /**
   * Returns the metadata of the provider, which is read once.
   *
   * @throws ServiceUnavailable, UnexpectedResponse
   */
  async metadata(): Promise<ServerMetadata> {
    try {
      return (await this.discover()).serverMetadata();
    } catch (error) {
      throw await tokenRequestError(error);
    }
  }

  private async introspectOnce(token: string): Promise<Introspection> {
    try {
      const members = await tokenIntrospection(await this.discover(), token);
      const { active, sub, aud } = members;
      return { active, sub, ...(aud !== undefined && { aud: [aud].flat() }), members };
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
    this.configuration ??= this.readConfiguration().catch((error: unknown) => {
      this.configuration = undefined;
      throw error;
    });
    return this.configuration;
  }

  private async readConfiguration(): Promise<Configuration> {
    const { issuer, clientId, certificate } = this.options;
    const send: typeof fetch = (...request) => receiveResponse(this.issuer, () => this.fetch(...request), this.now);
    const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
    const metadata = await readProviderMetadata(issuer, { fetch: send, signal });
    const client = { use_mtls_endpoint_aliases: certificate !== undefined };
    const configuration = new Configuration(metadata, clientId, client, await clientAuthentication(this.options));
    configuration.timeout = TIMEOUT_SECONDS;
    // `providerFetch` refuses plain http, and knows the exceptions.
    allowInsecureRequests(configuration);
    // The library's type of `init` is wider than the values that it sends.
    configuration[customFetch] = (url, init) => send(url, init as RequestInit);
    return configuration;
  }
}
