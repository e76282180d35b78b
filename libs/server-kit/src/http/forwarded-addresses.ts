import type { FastifyInstance } from 'fastify';
import { isIP } from 'node:net';

const HEADER = 'x-forwarded-for';

/** Stands for an address that a proxy could not name, such as `unknown` or `_hidden` (RFC 7239 §6). */
const UNKNOWN = 'unknown';

/**
 * Rewrites `X-Forwarded-For` to plain addresses before anything reads `request.ip`. Some proxies append the port, which
 * differs for each connection: limits and events would take each connection for another sender.
 */
export function normalizeForwardedAddresses(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const header = request.raw.headers[HEADER];
    if (header !== undefined) {
      request.raw.headers[HEADER] = [header].flat().join(',').split(',').map(forwardedAddress).join(', ');
    }
    done();
  });
}

/** Returns the address of one entry: without port, brackets, quotes and zone; `unknown` if it is none. */
export function forwardedAddress(entry: string): string {
  const text = entry.trim().replace(/^"(.*)"$/, '$1');
  const address = (/^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([^:]*):\d+$/.exec(text)?.[1] ?? text).replace(
    /%.*$/,
    '',
  );
  return isIP(address) ? address.toLowerCase() : UNKNOWN;
}
