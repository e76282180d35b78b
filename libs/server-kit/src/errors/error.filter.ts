import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { OAuthError } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { resetResponse } from '../http/incomplete-responses.js';
import type { ProblemError } from './problem-error.js';
import { problemOf } from './problem-of.js';

/** The format of the errors of an address: OAuth errors, problem documents or HTML pages. */
export type Surface = 'protocol' | 'api' | 'page';

/** Returns the surface of a path. `wantsHtml` says whether the caller accepts HTML, which decides for unknown paths. */
export type SurfaceOf = (path: string, wantsHtml: boolean) => Surface;

/** Renders an error as a page that says what went wrong and what to do, and shows the request id. */
export type RenderErrorPage = (error: { status: number; title: string; detail?: string; requestId: string }) => string;

/** Answers every error in the format of the surface that was requested, and logs the details that the response omits. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly surfaceOf: SurfaceOf,
    private readonly renderErrorPage?: RenderErrorPage,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers an error that Fastify throws before it finds a route, such as a path that cannot be decoded. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    log(request, problem, error);
    // A response that has begun can only be aborted, so that its reader does not take it for complete.
    if (reply.raw.headersSent) return resetResponse(reply.raw);
    void reply.status(problem.status).headers(problem.headers).header('Cache-Control', 'no-store');
    this.send(request, reply, problem, error);
  }

  private send(request: FastifyRequest, reply: FastifyReply, problem: ProblemError, error: unknown): void {
    const path = request.url.split('?', 1)[0] ?? '/';
    const wantsHtml = request.headers.accept?.includes('text/html') ?? false;
    const surface = this.surfaceOf(path, wantsHtml);
    const { status, title, detail, errors } = problem;
    if (surface === 'page' && this.renderErrorPage) {
      const page = this.renderErrorPage({ status, title, detail, requestId: request.id });
      return void reply.type('text/html; charset=utf-8').send(page);
    }
    if (surface === 'protocol') {
      return void reply.send(error instanceof OAuthError ? error.toBody() : protocolBody(problem));
    }
    const body = { type: 'about:blank', title, status, detail, errors, requestId: request.id };
    return void reply.header('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(body));
  }
}

function protocolBody({ status, title, detail }: ProblemError): { error: string; error_description: string } {
  const error = PROTOCOL_ERRORS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
  return new OAuthError(error, detail ?? title).toBody();
}

/** Error codes for errors other than {@link OAuthError} (RFC 6750 §3.1, RFC 6749 §4.1.2.1, RFC 8628 §3.5). */
const PROTOCOL_ERRORS: Record<number, string> = {
  401: 'invalid_token',
  403: 'insufficient_scope',
  429: 'slow_down',
  503: 'temporarily_unavailable',
};

function log(request: FastifyRequest, problem: ProblemError, error: unknown): void {
  if (problem.status >= 500) request.log.error({ err: error }, problem.title);
  else request.log.info({ status: problem.status, ...causeOf(error) }, messageOf(error, problem));
}

/** Returns the member of a log line that holds the cause of an error, if there is one. */
const causeOf = (error: unknown): { cause?: unknown } =>
  error instanceof Error && error.cause !== undefined ? { cause: error.cause } : {};

/** The descriptions of OAuth errors are for developers; the detail of a problem may name the person who is signed in. */
const messageOf = (error: unknown, problem: ProblemError): string =>
  error instanceof OAuthError ? error.message : problem.title;
