import { Inject, Injectable } from '@nestjs/common';
import { PROVIDER_FETCH } from '@trefoil/resource-server';
import { ResourceClient, ServiceClient, type TokenSource, UnexpectedResponse } from '@trefoil/service-client';
import { z } from 'zod';
import { type BackendConfig, CONFIG } from '../config.js';

const SCOPE = 'openid profile email';
const Claims = z.record(z.string(), z.unknown());

/** Reads the claims of users from the UserInfo endpoint of a provider (OpenID Connect Core §5.3). */
@Injectable()
export class UserInfo {
  constructor(
    private readonly service: ServiceClient,
    @Inject(CONFIG) private readonly config: Pick<BackendConfig, 'ACCOUNT_AUDIENCE' | 'PLAIN_HTTP_ORIGINS'>,
    @Inject(PROVIDER_FETCH) private readonly providerFetch: typeof fetch,
  ) {}

  /**
   * Sends the token of the user, at a provider whose tokens for this server are also for its UserInfo endpoint.
   *
   * @throws RequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  withUserToken(token: string): Promise<Record<string, unknown>> {
    return this.read({ get: () => Promise.resolve({ value: token }), forget: () => undefined });
  }

  /**
   * Exchanges the token of the user for one that the UserInfo endpoint accepts (RFC 8693 §2).
   *
   * @throws TokenRequestRefused, RequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  withExchangedToken(subjectToken: string): Promise<Record<string, unknown>> {
    const { ACCOUNT_AUDIENCE: resource } = this.config;
    return this.read(
      this.service.exchangedToken({ subjectToken, scope: SCOPE, ...(resource !== undefined && { resource }) }),
    );
  }

  private async read(token: TokenSource): Promise<Record<string, unknown>> {
    const { userinfo_endpoint: baseUrl } = await this.service.metadata();
    if (baseUrl === undefined) throw new UnexpectedResponse('the metadata of the provider has no userinfo_endpoint');
    const { PLAIN_HTTP_ORIGINS: plainHttpOrigins } = this.config;
    const client = new ResourceClient({ baseUrl, plainHttpOrigins, fetch: this.providerFetch });
    return (await client.json('', Claims, { token })).body;
  }
}
