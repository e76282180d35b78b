import type { FastifyInstance } from 'fastify';
import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/**
 * Measures the process and the duration of each route, and serves them at `GET /metrics` in the Prometheus format.
 *
 * @param management the instance that serves the figures; the measured one itself, or one on a port of its own.
 */
export function serveMetrics(fastify: FastifyInstance, management: FastifyInstance, server: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ server });
  collectDefaultMetrics({ register: registry });
  registry.registerMetric(eventLoopTime());
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of requests, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  // None of the members of the line can hold a credential, so they need no search for members to redact.
  const log = fastify.log.child({}, { redact: { paths: [] } });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    log.info(
      { reqId: request.id, req: request, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) },
      'answered',
    );
    done();
  });
  management.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  return registry;
}

/**
 * Creates a counter of the time for which the event loop was busy. Its rate is the utilization of the event loop, from 0 to 1,
 * which grows with every kind of load, and not with requests that wait.
 */
const eventLoopTime = (): Counter =>
  new Counter({
    name: 'nodejs_eventloop_active_seconds_total',
    help: 'Time for which the event loop was busy, in seconds',
    registers: [],
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
