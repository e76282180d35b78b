import {
  ResourceClient,
  type ResourceRequest,
  type ResourceResponse,
  type Schema,
  type TokenSource,
} from '@trefoil/service-client';
import type { AccessTokens } from '../access-tokens/access-tokens.js';
import type { Api } from '../config.js';
import type { Session } from '../session/session.js';
import { toApiError } from './api-errors.js';

/** A request without its token, which is that of a session. */
export type SessionRequest = Omit<ResourceRequest, 'token'>;

/** Sends requests to one API with the access token of a session. Obtain it from `ApiClients`. */
export class ApiClient {
  private readonly client: ResourceClient;

  constructor(
    private readonly api: Api,
    private readonly accessTokens: AccessTokens,
    options: { readonly plainHttpOrigins?: readonly string[] | undefined; readonly fetch: typeof fetch },
  ) {
    this.client = new ResourceClient({ baseUrl: api.url, ...options });
  }

  /**
   * Sends a request and returns the answer, parsed with a schema.
   *
   * @throws SessionEndedError when the session has ended.
   * @throws ProblemError for every other answer that is not a success, and when no answer comes within 2 s.
   */
  async json<T>(
    session: Session,
    path: string,
    schema: Schema<T>,
    request: SessionRequest = {},
  ): Promise<ResourceResponse<T>> {
    return this.translateErrors(this.client.json(path, schema, { ...request, token: this.tokenSource(session) }));
  }

  /**
   * Sends a request and returns the answer with its body unread. The body breaks off when the token is revoked.
   *
   * @throws the errors of {@link json}, until the headers have arrived.
   */
  stream(session: Session, path: string, request: SessionRequest = {}): Promise<Response> {
    return this.translateErrors(this.client.stream(path, { ...request, token: this.tokenSource(session) }));
  }

  private tokenSource(session: Session): TokenSource {
    const { resource } = this.api;
    return {
      get: async () => ({ value: await this.accessTokens.get(session, resource) }),
      forget: async () => void (await this.accessTokens.replace(session, resource)),
    };
  }

  private translateErrors<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((failure: unknown) => {
      throw toApiError(failure, this.api.title);
    });
  }
}
