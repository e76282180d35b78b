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
  /** The URL of the server. The paths of requests are appended to it. */
  baseUrl: string;
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

  /** @throws TypeError when the URL is neither https nor http on loopback. */
  constructor(private readonly options: ResourceClientOptions) {
    this.base = secureUrl(options.baseUrl);
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
    const url = new URL(`${this.base.origin}${this.base.pathname.replace(/\/$/, '')}${path}`);
    // The path may contain user input, and must not send the token to another server.
    if (url.origin !== this.base.origin)
      throw new TypeError(`the path ${path} leads to another server than ${this.base.origin}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }
}
