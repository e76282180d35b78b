/** A URL of a server, and the one at which it asks for client certificates (RFC 8705 §5). */
export interface EndpointAlias {
  readonly url: string;
  /** Undefined when the server has only one URL. */
  readonly mtlsUrl: string | undefined;
}

/** Returns a `fetch` that sends the requests for a server to the URL at which it asks for client certificates. */
export function aliasFetch(fetchAny: typeof fetch, { url, mtlsUrl }: EndpointAlias): typeof fetch {
  if (mtlsUrl === undefined) return fetchAny;
  return (input, init) => {
    const request = new Request(input, init);
    const isBelow = request.url === url || request.url.startsWith(`${url}/`) || request.url.startsWith(`${url}?`);
    if (!isBelow) return fetchAny(request);
    return fetchAny(new Request(`${mtlsUrl}${request.url.slice(url.length)}`, request));
  };
}
