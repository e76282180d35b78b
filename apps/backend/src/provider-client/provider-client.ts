import { Inject, Injectable } from '@nestjs/common';
import { Account, accountScopes, DirectoryEntry } from '@trefoil/dto';
import { PROVIDER_FETCH } from '@trefoil/resource-server';
import { RequestRefused, ResourceClient, ServiceClient } from '@trefoil/service-client';
import { accountApiIdentifier, type BackendConfig, CONFIG } from '../config.js';

/** Calls the provider's own API: for a user with an exchanged token, and for the backend itself with a machine token. */
@Injectable()
export class ProviderClient {
  private readonly resource: string;
  private readonly api: ResourceClient;
  /** Whether the provider has an API of its own, which other providers do not have. */
  private readonly hasApi: boolean;

  constructor(
    private readonly service: ServiceClient,
    @Inject(CONFIG) config: Pick<BackendConfig, 'ISSUER' | 'PLAIN_HTTP_ORIGINS' | 'ACCOUNT_SOURCE'>,
    @Inject(PROVIDER_FETCH) providerFetch: typeof fetch,
  ) {
    this.hasApi = config.ACCOUNT_SOURCE === 'account-api';
    this.resource = accountApiIdentifier(config);
    const plainHttpOrigins = config.PLAIN_HTTP_ORIGINS;
    this.api = new ResourceClient({ baseUrl: this.resource, plainHttpOrigins, fetch: providerFetch });
  }

  /**
   * Reads the account of a user. Exchanges the user's token for one whose audience is the provider's API (RFC 8693 §2).
   *
   * @throws TokenRequestRefused, RequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  async account(subjectToken: string): Promise<Account> {
    const scope = accountScopes.read.name;
    const token = this.service.exchangedToken({ subjectToken, resource: this.resource, scope });
    return (await this.api.json('/account', Account, { token })).body;
  }

  /**
   * Looks up a user in the directory. Returns undefined when there is no user with that id, or no directory.
   *
   * @throws TokenRequestRefused, RequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  async directoryEntry(user: string): Promise<DirectoryEntry | undefined> {
    if (!this.hasApi) return undefined;
    const token = this.service.machineToken({ resource: this.resource, scope: accountScopes.directory.name });
    try {
      return (await this.api.json(`/users/${encodeURIComponent(user)}`, DirectoryEntry, { token })).body;
    } catch (error) {
      if (error instanceof RequestRefused && error.status === 404) return undefined;
      throw error;
    }
  }
}
