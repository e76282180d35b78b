import fastify from 'fastify';
import { Degraded, type HealthCheck, serveHealth } from './health.js';

const up: HealthCheck = { name: 'database', check: () => Promise.resolve() };
const stale: HealthCheck = { name: 'feed', check: async () => new Degraded('stale') };
const down: HealthCheck = { name: 'disk', check: () => Promise.reject(new Error('full')) };

describe('GET /health/ready', () => {
  it.each([
    ['every dependency is up', [up], 200, { status: 'up', checks: { database: 'up' } }],
    ['a dependency is degraded', [up, stale], 200, { status: 'degraded', checks: { database: 'up', feed: 'stale' } }],
    ['a dependency is down', [stale, down], 503, { status: 'down', checks: { feed: 'stale', disk: 'down' } }],
  ])('shows when %s', async (_, checks, status, body) => {
    const server = fastify();
    serveHealth(server, checks, { isDraining: false });
    const answer = await server.inject('/health/ready');
    expect([answer.statusCode, answer.json()]).toEqual([status, body]);
  });

  it('is 503 while the server drains, whatever its dependencies do, and live all the same', async () => {
    const server = fastify();
    const drain = { isDraining: false };
    serveHealth(server, [up], drain);
    expect((await server.inject('/health/ready')).statusCode).toBe(200);
    drain.isDraining = true;
    expect((await server.inject('/health/ready')).statusCode).toBe(503);
    expect((await server.inject('/health/live')).statusCode).toBe(200);
  });
});
