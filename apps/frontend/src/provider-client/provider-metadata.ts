import { Inject, Injectable } from '@nestjs/common';
import { isLoopbackHost } from '@trefoil/oauth-protocol';
import * as client from 'openid-client';
import { CONFIG, type FrontendConfig } from '../config.js';
import { providerUnavailable } from './provider-errors.js';

const TIMEOUT_SECONDS = 2;

/** What openid-client needs to know of the provider. */
export interface KnownProvider {
  /** Checks the signature of ID tokens, because they may come over plain http (OpenID Connect Core §3.1.3.7). */
  readonly signIn: client.Configuration;
  /** Needs no ID token: a key set that cannot be read must not cost a refresh token that is already spent. */
  readonly refresh: client.Configuration;
}

/** The provider's metadata, found by discovery: when it is first needed, and again from time to time after that. */
@Injectable()
export class ProviderMetadata {
  private known: KnownProvider | undefined;
  private reading: Promise<KnownProvider> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET'>,
  ) {}

  /**
   * The metadata, however old: for requests that find out themselves whether the provider is there.
   *
   * @throws DependencyUnavailableError when it was never read and cannot be.
   */
  async any(): Promise<KnownProvider> {
    return this.known ?? this.fresh();
  }

  /**
   * The metadata, read now: before a browser is sent to the provider, which should not meet a server that is down.
   *
   * @throws DependencyUnavailableError
   */
  fresh(): Promise<KnownProvider> {
    this.reading ??= this.discover().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async discover(): Promise<KnownProvider> {
    const { ISSUER, CLIENT_ID, CLIENT_SECRET } = this.config;
    const { protocol, hostname } = new URL(ISSUER);
    const execute = protocol === 'http:' && isLoopbackHost(hostname) ? [client.allowInsecureRequests] : [];
    const authentication = client.ClientSecretBasic(CLIENT_SECRET);
    const signIn = await client
      .discovery(new URL(ISSUER), CLIENT_ID, {}, authentication, { timeout: TIMEOUT_SECONDS, execute })
      .catch((error: unknown) => {
        throw providerUnavailable(error);
      });
    client.enableNonRepudiationChecks(signIn);
    const refresh = new client.Configuration(signIn.serverMetadata(), CLIENT_ID, {}, authentication);
    refresh.timeout = TIMEOUT_SECONDS;
    for (const enable of execute) enable(refresh);
    this.known = { signIn, refresh };
    return this.known;
  }
}
