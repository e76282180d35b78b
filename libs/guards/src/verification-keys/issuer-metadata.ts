/** Where a document about an issuer is: the well-known part comes before the path of one that has it (RFC 8414 §3.1). */
export function wellKnownUrl(issuer: string, name: string): URL {
  const { origin, pathname } = new URL(issuer);
  return new URL(`/.well-known/${name}${pathname === '/' ? '' : pathname}`, origin);
}

/**
 * Fetches a JSON document that is there for everybody.
 *
 * @throws Error when it does not come, or is no JSON.
 */
export async function fetchJson(url: URL, fetchAny: typeof fetch, signal: AbortSignal): Promise<unknown> {
  return (await fetchNewest(url, fetchAny, signal)).json();
}

/**
 * The answer with a JSON document, as it is now: one that a cache on the way has kept may be what is asked about.
 *
 * @throws Error when it does not come.
 */
export async function fetchNewest(url: URL, fetchAny: typeof fetch, signal: AbortSignal): Promise<Response> {
  const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
  const response = await fetchAny(url, { headers, redirect: 'error', signal });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`${url.href} answered ${response.status}`);
}
