import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';

/** The methods of the routes with one path. */
interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Answers 405 with `Allow`, instead of 404, when a path has routes for other methods only (RFC 9110 §15.5.6). Call it before
 * the routes are registered.
 */
export function refuseOtherMethods(
  fastify: FastifyInstance,
  { crossOrigin = () => false }: { crossOrigin?: (path: string) => boolean } = {},
): void {
  const paths = new Map<string, KnownPath>();
  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) known.methods.add(name);
    paths.set(url, known);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    // CORS has a route for OPTIONS of every path, but answers only for those that are open to other origins.
    const isRefused = request.is404 || (request.method === 'OPTIONS' && !crossOrigin(path));
    const known = isRefused ? [...paths.values()].filter(({ pattern }) => pattern.test(path)) : [];
    if (known.length === 0) return done();
    const allow = [...new Set(known.flatMap(({ methods }) => [...methods]))].sort().join(', ');
    const detail = `This address takes ${allow}.`;
    done(new ProblemError(405, 'Method Not Allowed', { detail, headers: { Allow: allow } }));
  });
}

/** Returns the regular expression that a path with `:parameters` stands for. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}$`);
