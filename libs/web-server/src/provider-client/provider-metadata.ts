import { Inject, Injectable } from '@nestjs/common';
import type { ClientCredentials } from '@trefoil/server-kit';
import { clientAuthentication, providerFetch, readProviderMetadata } from '@trefoil/service-client';
import * as client from 'openid-client';
import { CONFIG, type WebServerConfig } from '../config.js';
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
  /** Sends requests to the provider, at its internal URL if it has one. */
  readonly fetch: typeof fetch;

  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<
      WebServerConfig,
      'ISSUER' | 'ISSUER_INTERNAL_URL' | 'PLAIN_HTTP_ORIGINS' | 'CLIENT_ID'
    >,
    @Inject(CLIENT_CREDENTIALS) private readonly credentials: ClientCredentials,
    @Inject(SERVER_FETCH) serverFetch: typeof fetch,
  ) {
    const { ISSUER: issuer, ISSUER_INTERNAL_URL: internalUrl, PLAIN_HTTP_ORIGINS: plainHttpOrigins } = config;
    this.fetch = providerFetch({ issuer, internalUrl, plainHttpOrigins }, serverFetch);
  }

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
    const { clientSecret, privateKey } = this.credentials;
    const authentication = await clientAuthentication({ clientSecret, privateKey });
    const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
    const metadata = await readProviderMetadata(this.config.ISSUER, {
      fetch: this.fetch,
      signal,
      first: 'openid-configuration',
    }).catch((error: unknown) => {
      throw providerUnavailable(error);
    });
    const signIn = this.configurationOf(metadata, authentication);
    client.enableNonRepudiationChecks(signIn);
    this.cache = { signIn, refresh: this.configurationOf(metadata, authentication) };
    this.readAt = Date.now();
    return this.cache;
  }

  private configurationOf(server: client.ServerMetadata, authentication: client.ClientAuth): client.Configuration {
    const metadata = { use_mtls_endpoint_aliases: this.credentials.certificate !== undefined };
    const configuration = new client.Configuration(server, this.config.CLIENT_ID, metadata, authentication);
    configuration.timeout = TIMEOUT_SECONDS;
    // The library's type of `init` is wider than the values that it sends.
    configuration[client.customFetch] = (url, init) => this.fetch(url, init as RequestInit);
    // `providerFetch` refuses plain http, and knows the exceptions.
    client.allowInsecureRequests(configuration);
    return configuration;
  }
}
