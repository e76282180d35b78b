import { Inject, Injectable } from '@nestjs/common';
import { isLoopbackHost } from '@trefoil/oauth-protocol';
import type { ClientCredentials } from '@trefoil/server-kit';
import { clientAuthentication } from '@trefoil/service-client';
import * as client from 'openid-client';
import { CONFIG, type FrontendConfig } from '../config.js';
import { CLIENT_CREDENTIALS, SERVER_FETCH } from './client-credentials.js';
import { providerUnavailable } from './provider-errors.js';

const TIMEOUT_SECONDS = 2;
/** The age until which metadata shows that the provider answers. */
const FRESH_MILLISECONDS = 1000;

/** The configurations of openid-client for the provider. */
export interface ClientConfigurations {
  /** Verifies the signature of ID tokens, because they may arrive over plain http (OpenID Connect Core §3.1.3.7). */
  readonly signIn: client.Configuration;
  /** Verifies no ID token. An unavailable key set must not lose the answer to a refresh token that is already used. */
  readonly refresh: client.Configuration;
}

/** Reads the provider's metadata by discovery when it is first needed, and keeps it. */
@Injectable()
export class ProviderMetadata {
  private cache: ClientConfigurations | undefined;
  private readAt = 0;
  private running: Promise<ClientConfigurations> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'ISSUER' | 'CLIENT_ID' | 'PLAIN_HTTP_ORIGINS'>,
    @Inject(CLIENT_CREDENTIALS) private readonly credentials: ClientCredentials,
    @Inject(SERVER_FETCH) private readonly serverFetch: typeof fetch,
  ) {}

  /**
   * Returns the metadata of any age. Meant for requests to the provider, which fail by themselves when it is down.
   *
   * @throws DependencyUnavailableError when the metadata was never read and cannot be read now.
   */
  async cached(): Promise<ClientConfigurations> {
    return this.cache ?? this.fresh();
  }

  /**
   * Returns metadata that was read within the last second, or reads it again. Meant for redirects to the provider: a
   * browser is not sent to a server that is down, and many sign-ins at once send the provider one request.
   *
   * @throws DependencyUnavailableError
   */
  async fresh(): Promise<ClientConfigurations> {
    if (this.cache && Math.abs(Date.now() - this.readAt) < FRESH_MILLISECONDS) return this.cache;
    this.running ??= this.discover().finally(() => (this.running = undefined));
    return this.running;
  }

  private async discover(): Promise<ClientConfigurations> {
    const { ISSUER, CLIENT_ID, PLAIN_HTTP_ORIGINS } = this.config;
    const { clientSecret, privateKey, certificate } = this.credentials;
    const { protocol, hostname, origin } = new URL(ISSUER);
    const mayUseHttp = isLoopbackHost(hostname) || PLAIN_HTTP_ORIGINS.includes(origin);
    const execute = protocol === 'http:' && mayUseHttp ? [client.allowInsecureRequests] : [];
    const metadata = { use_mtls_endpoint_aliases: certificate !== undefined };
    const authentication = await clientAuthentication({ clientSecret, privateKey });
    // The library's type of `init` is wider than the values that it sends.
    const customFetch: client.CustomFetch = (url, init) => this.serverFetch(url, init as RequestInit);
    const options = { timeout: TIMEOUT_SECONDS, execute, [client.customFetch]: customFetch };
    const signIn = await client
      .discovery(new URL(ISSUER), CLIENT_ID, metadata, authentication, options)
      .catch((error: unknown) => {
        throw providerUnavailable(error);
      });
    client.enableNonRepudiationChecks(signIn);
    const refresh = new client.Configuration(signIn.serverMetadata(), CLIENT_ID, metadata, authentication);
    refresh.timeout = TIMEOUT_SECONDS;
    refresh[client.customFetch] = customFetch;
    for (const enable of execute) enable(refresh);
    this.cache = { signIn, refresh };
    this.readAt = Date.now();
    return this.cache;
  }
}
