import fastifyCookie from '@fastify/cookie';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  fastify as createFastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Metric } from 'prom-client';
import { DEFAULT_CONNECTIONS } from './admission/connection-bounds.js';
import type { ServerConfiguration } from './configuration/server-variables.js';
import { measureRequestTime } from './database/request-time.js';
import { ErrorFilter, type RenderErrorPage, type SurfaceOf } from './errors/error.filter.js';
import { parseQuery, readForms } from './http/form-body.js';
import { normalizeForwardedAddresses } from './http/forwarded-addresses.js';
import { allowOtherOrigins } from './http/cross-origin.js';
import { type Drain, drainOf } from './http/drain.js';
import { resetIncompleteResponses } from './http/incomplete-responses.js';
import { readJson } from './http/json-body.js';
import { shedLoad } from './http/load-shedding.js';
import { refuseOtherMethods } from './http/method-not-allowed.js';
import { requireHttpsLater, securityHeaders, sendSecurityHeaders } from './http/security-headers.js';
import { trustOf } from './http/trusted-proxies.js';
import { validationPipe } from './validation/validation.pipe.js';
import { type HealthCheck, serveHealth } from './observability/health.js';
import { logOptions, NestLog } from './observability/logger.js';
import { serveMetrics } from './observability/metrics-endpoint.js';
import { acceptForwardedCertificates } from './tls/forwarded-certificates.js';
import { type MutualTlsListener, mutualTlsListener } from './tls/mutual-tls-listener.js';
import type { PresentedCertificate } from './tls/presented-certificate.js';
import { servedCertificate } from './tls/served-certificate.js';

const BODY_LIMIT_BYTES = 64 * 1024;
const REQUEST_MILLISECONDS = 10_000;

/** Describes the parts in which a server differs from others. */
export interface ServerDefinition {
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly surfaceOf: SurfaceOf;
  readonly renderErrorPage?: RenderErrorPage;
  /**
   * Checks at the start that the database fits this version of the server. Returns the names of the migrations that a newer
   * version has applied.
   *
   * @throws DatabaseNotReadyError when a command must be run first.
   */
  readonly checkDatabase?: () => Promise<readonly string[]>;
  /** Returns whether pages of other origins may call a path, without cookies. */
  readonly crossOrigin?: (path: string) => boolean;
  /** Returns the dependencies whose state `/health/ready` shows. */
  readonly healthChecks?: (app: NestFastifyApplication) => readonly HealthCheck[];
  /** Returns the metrics that `/metrics` shows in addition to those of the process and its routes. */
  readonly metrics?: (app: NestFastifyApplication) => readonly Metric[];
  /** Returns the certificate with which the server calls others, so that its files are watched. */
  readonly clientCertificate?: (app: NestFastifyApplication) => PresentedCertificate | undefined;
  /** Sets up parts of the application before it starts, such as the documentation of its API. */
  readonly prepare?: (app: NestFastifyApplication) => void | Promise<void>;
}

/** A server that is ready to listen, and what its process needs to stop it. */
export interface Server {
  readonly app: NestFastifyApplication;
  readonly drain: Drain;
  /** Serves health and metrics on a port of its own; undefined when the app serves them. */
  readonly management: FastifyInstance | undefined;
  /** Asks for client certificates; undefined when the configuration has no port for it. */
  readonly mutualTls: MutualTlsListener | undefined;
}

type ServerSettings = Pick<ServerConfiguration, 'LOG_LEVEL' | 'TRUSTED_PROXIES'> &
  Partial<
    Pick<
      ServerConfiguration,
      | 'MANAGEMENT_PORT'
      | 'MOST_OPEN_REQUESTS'
      | 'TLS_CERTIFICATE_PATH'
      | 'TLS_KEY_PATH'
      | 'TLS_CLIENT_CERTIFICATES'
      | 'MTLS_PORT'
      | 'MTLS_CERTIFICATE_PATH'
      | 'MTLS_KEY_PATH'
      | 'CLIENT_CA_PATH'
      | 'CLIENT_CERTIFICATE_HEADER'
      | 'MAX_CONNECTIONS'
      | 'MAX_TLS_HANDSHAKES'
    >
  >;

/** Builds a server as {@link buildServer} does, and returns its application. */
export const createServer = async (
  definition: ServerDefinition,
  configuration: ServerSettings,
): Promise<NestFastifyApplication> => (await buildServer(definition, configuration)).app;

/** Builds a server with limits, headers, forms, cookies, errors, health checks and metrics. It is ready to listen. */
export async function buildServer(definition: ServerDefinition, configuration: ServerSettings): Promise<Server> {
  const errors = new ErrorFilter(definition.surfaceOf, definition.renderErrorPage);
  const certificate = servedCertificate(configuration);
  const trusts = trustOf(configuration.TRUSTED_PROXIES);
  const timing = { connectionsCheckingInterval: 1000, headersTimeout: REQUEST_MILLISECONDS };
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_MILLISECONDS,
    ...(certificate ? { https: { ...timing, ...certificate.options } } : { http: timing }),
    forceCloseConnections: 'idle',
    // Nothing here is Express middleware, and its layer costs every request some microseconds.
    skipMiddie: true,
    trustProxy: trusts,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    logger: logOptions(definition.name, configuration.LOG_LEVEL),
    frameworkErrors: answerMalformedRequests(errors),
    routerOptions: { maxParamLength: 500, querystringParser: parseQuery },
  });
  const fastify = adapter.getInstance();
  shedLoad(fastify, configuration.MOST_OPEN_REQUESTS ?? Infinity);
  normalizeForwardedAddresses(fastify);
  const authorities = acceptForwardedCertificates(fastify, configuration);
  measureRequestTime(fastify);
  readForms(fastify);
  readJson(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(definition.module, adapter, {
    logger: new NestLog(fastify.log),
    abortOnError: false,
    bodyParser: false,
  });
  await app.register(fastifyCookie);
  sendSecurityHeaders(fastify);
  requireHttpsLater(fastify);
  refuseOtherMethods(fastify, definition);
  resetIncompleteResponses(fastify);
  const drain = drainOf(fastify);
  const mutualTls = mutualTlsListener(fastify, configuration, { ...timing, requestTimeout: REQUEST_MILLISECONDS });
  if (definition.crossOrigin) allowOtherOrigins(fastify, definition.crossOrigin);
  app.useGlobalFilters(errors);
  app.useGlobalPipes(validationPipe());
  const management =
    configuration.MANAGEMENT_PORT === undefined ? undefined : createFastify({ forceCloseConnections: true });
  const metrics = serveMetrics(fastify, management ?? fastify, definition.name);
  const certificates = [certificate, mutualTls?.certificate].filter((served) => served !== undefined);
  const presented = definition.clientCertificate?.(app);
  const files = [...certificates, authorities, presented].filter((each) => each !== undefined);
  for (const metric of [...(definition.metrics?.(app) ?? []), ...files.flatMap((each) => each.metrics)]) {
    metrics.registerMetric(metric);
  }
  const checks = [...(definition.healthChecks?.(app) ?? []), ...files.map(({ healthCheck }) => healthCheck)];
  serveHealth(management ?? fastify, checks, drain);
  fastify.server.maxConnections = configuration.MAX_CONNECTIONS ?? DEFAULT_CONNECTIONS;
  certificate?.serve(fastify, { mostHandshakes: configuration.MAX_TLS_HANDSHAKES });
  presented?.watch(fastify);
  await definition.prepare?.(app);
  await app.init();
  await fastify.ready();
  // The last to go: it tells that the server is leaving for as long as that takes.
  if (management) fastify.addHook('onClose', () => management.close());
  return { app, drain, management, mutualTls };
}

/** Answers requests that Fastify refuses before they have a route. No hook has set the headers of every answer for them. */
const answerMalformedRequests = (errors: ErrorFilter) => (error: Error, given: unknown, answer: unknown) => {
  const reply = answer as FastifyReply;
  void reply.headers(securityHeaders);
  errors.answer(error, given as FastifyRequest, reply);
};
