/**
 * Fetches a public JSON document, past any cache: a cached copy may lack the key or the endpoint that is needed.
 *
 * @throws Error when the request fails.
 */
export async function fetchUncached(url: URL, fetchAny: typeof fetch, signal: AbortSignal): Promise<Response> {
  const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
  const response = await fetchAny(url, { headers, redirect: 'error', signal });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`${url.href} answered ${response.status}`);
}

/**
 * Fetches a public JSON document, past any cache, and parses it.
 *
 * @throws Error when the request fails or the response is not JSON.
 */
export async function fetchJson(url: URL, fetchAny: typeof fetch, signal: AbortSignal): Promise<unknown> {
  return (await fetchUncached(url, fetchAny, signal)).json();
}
