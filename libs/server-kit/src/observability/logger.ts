import type { LoggerService } from '@nestjs/common';
import type { FastifyBaseLogger } from 'fastify';
import { logOutput } from './log-output.js';
import { describeError, serializeError } from './serialize-error.js';

/** Returns the options of the log: lines of JSON, without the credentials and query strings of requests. */
export const logOptions = (name: string, level: string) => ({
  name,
  level,
  stream: logOutput,
  redact: ['req.headers', 'res.headers', '*.password', '*.client_secret', '*.access_token', '*.refresh_token'],
  serializers: {
    err: (error: unknown) => serializeError(error),
    cause: (error: unknown) => serializeError(error),
    // A query string may hold an authorization code or a state.
    req: (request: { method: string; url: string }) => ({ method: request.method, path: request.url.split('?', 1)[0] }),
  },
});

/** Writes Nest's own messages to the log of the server. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: FastifyBaseLogger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, textOf(message));
  }
  debug(message: unknown, context?: string): void {
    this.logger.debug({ context }, textOf(message));
  }
  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, textOf(message));
  }
  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, textOf(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ context: rest.at(-1), stack: rest.length > 1 ? rest[0] : undefined }, textOf(message));
  }
  fatal(message: unknown, context?: string): void {
    this.logger.fatal({ context }, textOf(message));
  }
}

/** Nest passes errors as well as texts. The message of an error may quote data. */
const textOf = (message: unknown): string => (message instanceof Error ? describeError(message) : String(message));
