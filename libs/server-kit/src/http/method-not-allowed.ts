import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';

/** The routes of one path pattern. */
interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Answers 405 with `Allow`, instead of 404, where there is something at an address but not for this method
 * (RFC 9110 §15.5.6). Knows the routes that are registered from now on.
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

/** A path with `:parameters`, as an expression. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}$`);
