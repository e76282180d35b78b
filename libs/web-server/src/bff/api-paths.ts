import type { Api } from '../config.js';

/** The prefix of the proxy. The name of an API and a path of this API follow. */
const PREFIX = '/bff/api/';
// Some servers decode these into separators after the check.
const ENCODED_SEPARATOR = /%(?:2f|5c|00)/i;

/**
 * Returns the URL at an API that a request to the proxy is for. Returns undefined when scripts may not call the path, or
 * when servers could read it in different ways: with dot segments, backslashes or encoded separators.
 *
 * @param requested The path and query of the request, as they arrived.
 */
export function apiUrl({ name, url, browserPaths }: Api, requested: string): URL | undefined {
  const start = `${PREFIX}${name}`;
  if (!requested.startsWith(`${start}/`)) return undefined;
  const [path = '', ...query] = requested.slice(start.length).split('?');
  const target = new URL(`${url}${path}`);
  const isUnchanged = target.href === `${new URL(url).href.replace(/\/$/, '')}${path}`;
  if (!isUnchanged || ENCODED_SEPARATOR.test(path)) return undefined;
  if (!browserPaths.some((allowed) => path === allowed || path.startsWith(`${allowed}/`))) return undefined;
  target.search = query.join('?');
  return target;
}

/** Returns the address at the proxy of an absolute URL of an API; undefined for any other URL. */
export function proxyPath({ name, url, resource }: Api, location: string): string | undefined {
  const base = [url, resource].find((each) => location.startsWith(`${each}/`));
  return base && `${PREFIX}${name}${location.slice(base.length)}`;
}
