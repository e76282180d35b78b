import { All, Controller, Param, Req, Res, StreamableFile } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UnexpectedAnswerError } from '../api-client/api-errors.js';
import { Apis } from '../apis/apis.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { SessionGuard } from '../session/session.guard.js';
import { apiUrl } from './api-paths.js';
import { ApiRequests } from './api-requests.js';
import { apiResponseBody } from './api-response-body.js';
import { BffRoutes } from './bff.decorator.js';
import { forwardedRequestHeaders, forwardedResponseHeaders } from './forwarded-headers.js';
import { OpenApiResponses } from './open-api-responses.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const JSON_TYPE = /^application\/(?:json|merge-patch\+json)\b/i;

/**
 * Passes requests of scripts on to an API with the access token of the session: `/bff/api/<name>/…`. The browser never
 * receives the token. Only the paths that the table of APIs lists can be called.
 */
@Controller('bff/api')
@BffRoutes(SessionGuard)
export class ApiProxyController {
  constructor(
    private readonly apis: Apis,
    private readonly requests: ApiRequests,
    private readonly responses: OpenApiResponses,
  ) {}

  @All(':api/*')
  async forward(
    @CurrentSession() session: Session,
    @Param('api') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const api = this.apis.find(name);
    const url = api && apiUrl(api, request.url);
    if (!url) throw noSuchApiPath();
    const { method } = request;
    if (!METHODS.includes(method)) throw methodNotAllowed();
    const forwarded = { method, url, headers: forwardedRequestHeaders(request.headers), body: jsonIn(request) };
    const body = await this.responses.start(reply.raw, session.id, async (closed) => {
      const response = await this.requests.send(session, api, forwarded, closed);
      if (response.status >= 300 && response.status < 400 && response.status !== 304) {
        await response.body?.cancel();
        throw new UnexpectedAnswerError(api.title, new Error(`the status is ${response.status}`));
      }
      void reply.status(response.status).headers(forwardedResponseHeaders(api, response.headers));
      return apiResponseBody(response);
    });
    return (
      body && new StreamableFile(body, { type: String(reply.getHeader('content-type') ?? 'application/octet-stream') })
    );
  }
}

/**
 * Returns the text of a JSON body.
 *
 * @throws ProblemError 415 for a body of another type.
 */
function jsonIn({ body, headers }: FastifyRequest): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (JSON_TYPE.test(headers['content-type'] ?? '')) return JSON.stringify(body);
  throw new ProblemError(415, 'Unsupported Media Type', { detail: 'Send the body as JSON.' });
}

const noSuchApiPath = (): ProblemError =>
  new ProblemError(404, 'Not Found', {
    detail: 'Scripts cannot call this path. The table of APIs lists those that they can.',
  });

const methodNotAllowed = (): ProblemError =>
  new ProblemError(405, 'Method Not Allowed', {
    detail: `This address takes ${METHODS.join(', ')}.`,
    headers: { Allow: METHODS.join(', ') },
  });
