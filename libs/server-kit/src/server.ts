import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Metric } from 'prom-client';
import type { ServerConfiguration } from './configuration/server-variables.js';
import { ErrorFilter, type RenderErrorPage, type SurfaceOf } from './errors/error.filter.js';
import { closeConnectionsOnShutdown } from './http/connection-close.js';
import { parseForm, readForms } from './http/form-body.js';
import { refuseOtherMethods } from './http/method-not-allowed.js';
import { securityHeaders } from './http/security-headers.js';
import { validationPipe } from './http/validation.pipe.js';
import { type HealthCheck, serveHealth } from './observability/health.js';
import { logOptions, NestLog } from './observability/logger.js';
import { serveMetrics } from './observability/metrics-endpoint.js';

const BODY_LIMIT_BYTES = 64 * 1024;
const REQUEST_MILLISECONDS = 10_000;

/** Describes the parts in which a server differs from others. */
export interface ServerDefinition {
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly surfaceOf: SurfaceOf;
  readonly renderErrorPage?: RenderErrorPage;
  /** Returns whether pages of other origins may call a path, without cookies. */
  readonly crossOrigin?: (path: string) => boolean;
  /** Returns the dependencies whose state `/health/ready` shows. */
  readonly healthChecks?: (app: NestFastifyApplication) => readonly HealthCheck[];
  /** Returns the metrics that `/metrics` shows in addition to those of the process and its routes. */
  readonly metrics?: (app: NestFastifyApplication) => readonly Metric[];
  /** Sets up parts of the application before it starts, such as the documentation of its API. */
  readonly prepare?: (app: NestFastifyApplication) => void | Promise<void>;
}

/** Creates a server with limits, headers, forms, cookies, errors, health checks and metrics. It is ready to listen. */
export async function createServer(
  definition: ServerDefinition,
  configuration: Pick<ServerConfiguration, 'LOG_LEVEL' | 'TRUSTED_PROXIES'>,
): Promise<NestFastifyApplication> {
  const errors = new ErrorFilter(definition.surfaceOf, definition.renderErrorPage);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_MILLISECONDS,
    http: { connectionsCheckingInterval: 1000, headersTimeout: REQUEST_MILLISECONDS },
    forceCloseConnections: 'idle',
    trustProxy: (_address, hop) => hop < configuration.TRUSTED_PROXIES,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    logger: logOptions(definition.name, configuration.LOG_LEVEL),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      errors.answer(error, request, reply),
    routerOptions: { maxParamLength: 500, querystringParser: parseForm },
  });
  const fastify = adapter.getInstance();
  readForms(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(definition.module, adapter, {
    logger: new NestLog(fastify.log),
    abortOnError: false,
    bodyParser: false,
  });
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, securityHeaders);
  refuseOtherMethods(fastify);
  closeConnectionsOnShutdown(fastify);
  const { crossOrigin } = definition;
  if (crossOrigin) {
    app.enableCors({
      delegator: (request, done) =>
        done(null, {
          origin: crossOrigin(request.url.split('?', 1)[0] ?? '/') ? '*' : false,
          exposedHeaders: ['WWW-Authenticate', 'DPoP-Nonce'],
        }),
    });
  }
  app.useGlobalFilters(errors);
  app.useGlobalPipes(validationPipe());
  app.enableShutdownHooks();
  const metrics = serveMetrics(fastify, definition.name);
  for (const metric of definition.metrics?.(app) ?? []) metrics.registerMetric(metric);
  serveHealth(fastify, definition.healthChecks?.(app) ?? []);
  await definition.prepare?.(app);
  await app.init();
  await fastify.ready();
  return app;
}
