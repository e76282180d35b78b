import type { IncomingHttpHeaders } from 'node:http';
import type { Api } from '../config.js';
import { proxyPath } from './api-paths.js';

// Lists of what passes, not of what is removed: no cookie, token, hop-by-hop header (RFC 9110 §7.6.1) or header of a later
// standard reaches the other side by oversight.
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'prefer',
] as const;
const RESPONSE_HEADERS = [
  'content-disposition',
  'content-language',
  'content-type',
  'etag',
  'idempotency-replayed',
  'last-modified',
  'link',
  'preference-applied',
  'retry-after',
  'vary',
] as const;

/** Returns the headers of a script's request that an API receives. */
export function forwardedRequestHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const found = REQUEST_HEADERS.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(
    found.filter((header): header is [(typeof REQUEST_HEADERS)[number], string] => typeof header[1] === 'string'),
  );
}

/** Returns the headers of an API's response that a script receives. A `Location` leads to the proxy. */
export function forwardedResponseHeaders(api: Api, headers: Headers): Record<string, string> {
  const location = proxyPath(api, headers.get('location') ?? '');
  const cacheControl = headers.get('cache-control') ?? '';
  const found = RESPONSE_HEADERS.map((name) => [name, headers.get(name)] as const);
  return {
    ...Object.fromEntries(
      found.filter((header): header is [(typeof RESPONSE_HEADERS)[number], string] => header[1] !== null),
    ),
    ...(location !== undefined && { location }),
    // The response belongs to one session, which a shared cache does not know.
    'cache-control': /\b(?:private|no-store)\b/.test(cacheControl) ? cacheControl : 'no-store',
  };
}
