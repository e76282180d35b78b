import { Inject, Injectable } from '@nestjs/common';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { Apis } from '../apis/apis.js';
import { CONFIG, type WebServerConfig } from '../config.js';
import { SERVER_FETCH } from '../provider-client/client-credentials.js';
import { ApiClient } from './api-client.js';

/** Creates the clients of the APIs that the server calls for its users. */
@Injectable()
export class ApiClients {
  constructor(
    private readonly apis: Apis,
    private readonly accessTokens: AccessTokens,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'PLAIN_HTTP_ORIGINS'>,
    @Inject(SERVER_FETCH) private readonly serverFetch: typeof fetch,
  ) {}

  /**
   * Returns a client of the API with a name.
   *
   * @throws Error when the description of the server names no such API.
   */
  of(name: string): ApiClient {
    const api = this.apis.find(name);
    if (!api) throw new Error(`There is no API "${name}". Add it to the description of the web server, or to APIS.`);
    const { PLAIN_HTTP_ORIGINS: plainHttpOrigins } = this.config;
    return new ApiClient(api, this.accessTokens, { plainHttpOrigins, fetch: this.serverFetch });
  }
}
