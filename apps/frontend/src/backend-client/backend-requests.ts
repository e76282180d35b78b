import { Inject, Injectable } from '@nestjs/common';
import {
  ResourceClient,
  type ResourceRequest,
  type ResourceResponse,
  type Schema,
  type TokenSource,
} from '@trefoil/service-client';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { CONFIG, type FrontendConfig } from '../config.js';
import { SERVER_FETCH } from '../provider-client/client-credentials.js';
import type { Session } from '../session/session.js';
import { toBackendError } from './backend-errors.js';

/** Sends requests to the backend with the access token of a session. */
@Injectable()
export class BackendRequests {
  private readonly client: ResourceClient;

  constructor(
    private readonly accessTokens: AccessTokens,
    @Inject(CONFIG)
    private readonly config: Pick<FrontendConfig, 'BACKEND_URL' | 'BACKEND_MTLS_URL' | 'PLAIN_HTTP_ORIGINS'>,
    @Inject(SERVER_FETCH) serverFetch: typeof fetch,
  ) {
    const { BACKEND_MTLS_URL, BACKEND_URL, PLAIN_HTTP_ORIGINS: plainHttpOrigins } = config;
    this.client = new ResourceClient({
      baseUrl: BACKEND_MTLS_URL ?? BACKEND_URL,
      plainHttpOrigins,
      fetch: serverFetch,
    });
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
    request: Omit<ResourceRequest, 'token'> = {},
  ): Promise<ResourceResponse<T>> {
    return translateErrors(this.client.json(path, schema, { ...request, token: this.tokenSource(session) }));
  }

  /**
   * Sends a request and returns the answer with its body unread. The body breaks off when the token is revoked.
   *
   * @throws the errors of {@link json}, until the headers have arrived.
   */
  stream(session: Session, path: string, request: Omit<ResourceRequest, 'token'> = {}): Promise<Response> {
    return translateErrors(this.client.stream(path, { ...request, token: this.tokenSource(session) }));
  }

  private tokenSource(session: Session): TokenSource {
    const resource = this.config.BACKEND_URL;
    return {
      get: async () => ({ value: await this.accessTokens.get(session, resource) }),
      forget: async () => void (await this.accessTokens.replace(session, resource)),
    };
  }
}

const translateErrors = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((failure: unknown) => {
    throw toBackendError(failure);
  });
