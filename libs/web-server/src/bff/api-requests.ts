import { Inject, Injectable } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { TokenRefusedError } from '../api-client/api-errors.js';
import type { Api } from '../config.js';
import { API_SECONDS } from '../limits.js';
import { SERVER_FETCH } from '../provider-client/client-credentials.js';
import type { Session } from '../session/session.js';

/** A request to an API, without the token. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends requests of scripts to APIs with the access token of a session. */
@Injectable()
export class ApiRequests {
  constructor(
    private readonly accessTokens: AccessTokens,
    @Inject(SERVER_FETCH) private readonly serverFetch: typeof fetch,
  ) {}

  /**
   * Sends a request and returns the response of any status, with its body unread. A token that the API refuses is replaced
   * once.
   *
   * @param signal Aborts the request, or the reading of its response.
   * @throws SessionEndedError, ApiNotGrantedError
   * @throws TokenRefusedError when the API refuses a new token as well.
   * @throws DependencyUnavailableError when the API or the provider does not answer in time.
   */
  async send(session: Session, api: Api, request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const token = await this.accessTokens.get(session, api.resource);
    const response = await this.attempt(api, request, token, signal);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    const next = await this.accessTokens.replace(session, api.resource);
    const second = await this.attempt(api, request, next, signal);
    if (second.status !== 401) return second;
    await second.body?.cancel();
    throw new TokenRefusedError(api.title);
  }

  private async attempt(
    { title }: Api,
    { method, url, headers, body }: ApiRequest,
    token: string,
    signal: AbortSignal,
  ): Promise<Response> {
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new Error(`no answer within ${API_SECONDS} s`)),
      API_SECONDS * 1000,
    );
    try {
      return await this.serverFetch(url, {
        method,
        headers: { ...headers, authorization: `Bearer ${token}` },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, controller.signal]),
      });
    } catch (error) {
      throw new DependencyUnavailableError(title, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}
