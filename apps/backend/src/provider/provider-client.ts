import { Inject, Injectable } from '@nestjs/common';
import { Account, DirectoryEntry } from '@trefoil/dto';
import { RequestRefused, ResourceClient, ServiceClient } from '@trefoil/service-client';
import { accountApiIdentifier, type BackendConfig, CONFIG } from '../config.js';

/** The provider's own API, as the backend calls it: for a user with an exchanged token, and for itself. */
@Injectable()
export class ProviderClient {
  private readonly resource: string;
  private readonly api: ResourceClient;

  constructor(
    private readonly service: ServiceClient,
    @Inject(CONFIG) config: Pick<BackendConfig, 'ISSUER'>,
  ) {
    this.resource = accountApiIdentifier(config);
    this.api = new ResourceClient({ baseUrl: this.resource });
  }

  /**
   * The account of the user whose token came in, asked for with a token exchanged for it (RFC 8693 §2).
   *
   * @throws TokenRequestRefused, RequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  async account(subjectToken: string): Promise<Account> {
    const token = this.service.exchangedToken({ subjectToken, resource: this.resource, scope: 'account:read' });
    return (await this.api.json('/account', Account, { token })).body;
  }

  /**
   * What the directory has of a user; undefined when it has none of that id.
   *
   * @throws TokenRequestRefused, RequestRefused, ServiceUnavailable, UnexpectedResponse
   */
  async directoryEntry(user: string): Promise<DirectoryEntry | undefined> {
    const token = this.service.machineToken({ resource: this.resource, scope: 'directory:read' });
    try {
      return (await this.api.json(`/users/${encodeURIComponent(user)}`, DirectoryEntry, { token })).body;
    } catch (error) {
      if (error instanceof RequestRefused && error.status === 404) return undefined;
      throw error;
    }
  }
}
