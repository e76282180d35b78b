import type { AccessToken, TokenSource } from './access-token.js';
import { RequestRefused, UnexpectedResponse } from './errors.js';
import { readBody, readJson, type Schema } from './read-json.js';
import { receiveResponse } from './receive-response.js';
import { type RetryClock, withRetries } from './retries.js';
import { secureUrl } from './secure-url.js';

const TIMEOUT_MILLISECONDS = 2000;
const IDEMPOTENT_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE'];

/** Configures the client of a resource server. */
export interface ResourceClientOptions extends RetryClock {
  /** The URL of the server. The paths of requests are appended to its path. Its query is sent with every request. */
  baseUrl: string;
  /** The origins inside a private network, beside loopback, to which tokens may be sent over plain http. */
  plainHttpOrigins?: readonly string[];
  /** The timeout of all attempts at one request together; 2000 when not given. */
  timeoutMilliseconds?: number;
  /** Sends the requests; the global `fetch` when not given. */
  fetch?: typeof fetch;
}

/** A request to a resource server. */
export interface ResourceRequest {
  token: TokenSource;
  /** `GET` when not given. */
  method?: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** Aborts the request, or the reading of its response. */
  signal?: AbortSignal;
}

/** A response with its parsed body. */
export interface ResourceResponse<T> {
  status: number;
  headers: Headers;
  body: T;
}

/**
 * Calls a resource server with bearer tokens (RFC 6750 §2.1), and with DPoP-bound tokens and their proofs (RFC 9449 §7.1).
 *
 * When the token is not accepted, the request is sent once more with another token. Idempotent requests (GET, HEAD, PUT,
 * DELETE, and those with an `Idempotency-Key`) are repeated when the server does not answer, or answers 429, 502, 503 or 504.
 * Both methods throw RequestRefused, ServiceUnavailable or UnexpectedResponse, and rethrow the errors of the token source.
 */
export class ResourceClient {
  private readonly base: URL;

  /** @throws TypeError when the URL is neither https, nor http on loopback, nor at one of the `plainHttpOrigins`. */
  constructor(private readonly options: ResourceClientOptions) {
    this.base = secureUrl(options.baseUrl, options.plainHttpOrigins);
  }

  /** Sends a request and parses the JSON response with a schema. An empty body is parsed as undefined. */
  json<T>(path: string, schema: Schema<T>, request: ResourceRequest): Promise<ResourceResponse<T>> {
    return this.withToken(path, request, async (response) => {
      const { status, headers } = response;
      return { status, headers, body: await readJson(response, schema) };
    });
  }

  /** Sends a request and returns the response with its body unread. The timeout ends when the headers are received. */
  stream(path: string, request: ResourceRequest): Promise<Response> {
    return this.withToken(path, request, (response) => Promise.resolve(response));
  }

  private async withToken<T>(
    path: string,
    request: ResourceRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const token = await request.token.get();
    try {
      return await this.send(path, request, token, read);
    } catch (error) {
      if (!(error instanceof RequestRefused && error.isInvalidToken)) throw error;
      await request.token.forget(token);
      const next = await request.token.get();
      if (next.value === token.value) throw error;
      return await this.send(path, request, next, read);
    }
  }

  private send<T>(
    path: string,
    { method = 'GET', query = {}, headers: given = {}, body, signal }: ResourceRequest,
    { value, dpop }: Pick<AccessToken, 'value' | 'dpop'>,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const url = this.urlOf(path, query);
    const headers = new Headers({
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    });
    for (const [name, value] of Object.entries(given)) headers.set(name, value);
    headers.set('authorization', `Bearer ${value}`);
    const init: RequestInit = {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };

    const { fetch: fetchAny = fetch } = this.options;
    const sendIt = dpop ? dpop.fetchWith(value, fetchAny) : fetchAny;
    const attempt = (milliseconds: number) => this.attempt(url, { ...init, signal }, milliseconds, read, sendIt);
    const timeout = this.options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
    const isIdempotent = IDEMPOTENT_METHODS.includes(method) || headers.has('idempotency-key');
    return isIdempotent ? withRetries(attempt, timeout, this.options) : attempt(timeout);
  }

  private async attempt<T>(
    url: URL,
    init: RequestInit,
    milliseconds: number,
    read: (response: Response) => Promise<T>,
    fetchAny: typeof fetch,
  ): Promise<T> {
    const { now = Date.now } = this.options;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
    try {
      const signal = init.signal ? AbortSignal.any([init.signal, controller.signal]) : controller.signal;
      const response = await receiveResponse(url, () => fetchAny(url, { ...init, signal }), now);
      if (response.status >= 400) throw new RequestRefused(response.status, response.headers, await readBody(response));
      if (response.ok) return await read(response);
      await response.body?.cancel();
      throw new UnexpectedResponse(`${url.origin} answered ${response.status}`);
    } finally {
      clearTimeout(timer);
    }
  }

  private urlOf(path: string, query: NonNullable<ResourceRequest['query']>): URL {
    const { origin, pathname, search } = this.base;
    // Without a path, the URL itself is requested, also with a slash at its end.
    const url = new URL(path === '' ? `${origin}${pathname}` : `${origin}${pathname.replace(/\/$/, '')}${path}`);
    // The path may contain user input, and must not send the token to another server.
    if (url.origin !== origin) throw new TypeError(`the path ${path} leads to another server than ${origin}`);
    // The texts are joined, because a parsed query would not be written again exactly as it was.
    const queries = [search, url.search].map((text) => text.slice(1));
    url.search = queries.filter((text) => text !== '').join('&');
    const added = Object.entries(query).filter(([, value]) => value !== undefined);
    for (const [name] of added) if (url.searchParams.has(name)) url.searchParams.delete(name);
    const more = new URLSearchParams(added.map(([name, value]) => [name, String(value)])).toString();
    url.search = [url.search.slice(1), more].filter((text) => text !== '').join('&');
    return url;
  }
}
