import { Inject, Injectable } from '@nestjs/common';
import {
  RequestRefused,
  ResourceClient,
  type ResourceRequest,
  type ResourceResponse,
  type Schema,
  type TokenSource,
} from '@trefoil/service-client';
import { CONFIG, type FrontendConfig } from '../config.js';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { errorOf } from './error-of.js';

/** Sends requests to the backend for the person of a session, with their access token. */
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
   * The answer to a request, read with a schema.
   *
   * @throws SessionEndedError when the backend accepts no token of this session.
   * @throws ProblemError for every other answer that is not a success, and when there is none within 2 s.
   */
  async send<T>(
    session: Session,
    path: string,
    schema: Schema<T>,
    request: Omit<ResourceRequest, 'token'> = {},
  ): Promise<ResourceResponse<T>> {
    return this.answered(session, this.client.json(path, schema, { ...request, token: this.tokenOf(session) }));
  }

  /**
   * The answer to a request with its body unread; it breaks off when the token is revoked.
   *
   * @throws what {@link send} does, until the headers are there.
   */
  stream(session: Session, path: string, request: Omit<ResourceRequest, 'token'> = {}): Promise<Response> {
    return this.answered(session, this.client.stream(path, { ...request, token: this.tokenOf(session) }));
  }

  private async answered<T>(session: Session, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (failure) {
      if (!(failure instanceof RequestRefused && failure.status === 401)) throw errorOf(failure);
      await this.sessions.end(session.id);
      throw new SessionEndedError('refused', failure);
    }
  }

  private tokenOf(session: Session): TokenSource {
    return {
      get: async () => ({ value: await this.accessTokens.of(session) }),
      forget: async () => void (await this.accessTokens.renewed(session)),
    };
  }
}
