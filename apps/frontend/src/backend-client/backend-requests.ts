import { Inject, Injectable } from '@nestjs/common';
import {
  RequestRefused,
  ResourceClient,
  type ResourceRequest,
  type ResourceResponse,
  type Schema,
  type TokenSource,
} from '@trefoil/service-client';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { CONFIG, type FrontendConfig } from '../config.js';
import type { Session } from '../session/session.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { Sessions } from '../session/sessions.js';
import { toBackendError } from './backend-errors.js';

/** Sends requests to the backend with the access token of a session. */
@Injectable()
export class BackendRequests {
  private readonly client: ResourceClient;

  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly sessions: Sessions,
    @Inject(CONFIG) config: Pick<FrontendConfig, 'BACKEND_URL'>,
  ) {
    this.client = new ResourceClient({ baseUrl: config.BACKEND_URL });
  }

  /**
   * Sends a request and returns the answer, parsed with a schema.
   *
   * @throws SessionEndedError when the backend accepts no token of this session.
   * @throws ProblemError for every other answer that is not a success, and when no answer comes within 2 s.
   */
  async json<T>(
    session: Session,
    path: string,
    schema: Schema<T>,
    request: Omit<ResourceRequest, 'token'> = {},
  ): Promise<ResourceResponse<T>> {
    return this.translateErrors(
      session,
      this.client.json(path, schema, { ...request, token: this.tokenSource(session) }),
    );
  }

  /**
   * Sends a request and returns the answer with its body unread. The body breaks off when the token is revoked.
   *
   * @throws the errors of {@link json}, until the headers have arrived.
   */
  stream(session: Session, path: string, request: Omit<ResourceRequest, 'token'> = {}): Promise<Response> {
    return this.translateErrors(session, this.client.stream(path, { ...request, token: this.tokenSource(session) }));
  }

  private async translateErrors<T>(session: Session, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (failure) {
      if (!(failure instanceof RequestRefused && failure.status === 401)) throw toBackendError(failure);
      await this.sessions.end(session.id);
      throw new SessionEndedError('refused', failure);
    }
  }

  private tokenSource(session: Session): TokenSource {
    return {
      get: async () => ({ value: await this.accessTokens.get(session) }),
      forget: async () => void (await this.accessTokens.replace(session)),
    };
  }
}
