import type { TokenSource } from './access-token.js';
import { answerOf } from './answer-of.js';
import { RequestRefused, UnexpectedResponse } from './errors.js';
import { readBody, readJson, type Schema } from './read-json.js';
import { type RetryClock, withRetries } from './retries.js';
import { secureUrl } from './secure-url.js';

const TIMEOUT_MILLISECONDS = 2000;
const REPEATABLE_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE'];

/** A resource server and how it is called. */
export interface ResourceClientOptions extends RetryClock {
  /** Where the server is; paths of requests follow it. */
  baseUrl: string;
  /** Milliseconds that all attempts at one request have together; 2000 when not given. */
  timeoutMilliseconds?: number;
  /** The global `fetch` when not given. */
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
  /** Aborts the request, and the reading of its answer. */
  signal?: AbortSignal;
}

/** An answer whose body was parsed. */
export interface ResourceResponse<T> {
  status: number;
  headers: Headers;
  body: T;
}

/**
 * Calls a resource server with bearer tokens (RFC 6750 §2.1).
 *
 * A token that is not accepted is replaced once. Requests that may be repeated (GET, HEAD, PUT, DELETE, and whatever
 * has an `Idempotency-Key`) are, when the server is not there or says 429, 502, 503 or 504. Both methods throw
 * RequestRefused, ServiceUnavailable or UnexpectedResponse, and what the token source throws.
 */
export class ResourceClient {
  private readonly base: URL;

  /** @throws TypeError when the server is neither https nor on this machine. */
  constructor(private readonly options: ResourceClientOptions) {
    this.base = secureUrl(options.baseUrl);
  }

  /** Sends a request and reads its JSON answer with a schema; an empty answer is read as undefined. */
  json<T>(path: string, schema: Schema<T>, request: ResourceRequest): Promise<ResourceResponse<T>> {
    return this.withToken(path, request, async (response) => {
      const { status, headers } = response;
      return { status, headers, body: await readJson(response, schema) };
    });
  }

  /** Sends a request and gives the answer with its body unread; the time limit holds until its headers are there. */
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
      return await this.send(path, request, token.value, read);
    } catch (error) {
      if (!(error instanceof RequestRefused && error.isInvalidToken)) throw error;
      await request.token.forget(token);
      const next = await request.token.get();
      if (next.value === token.value) throw error;
      return await this.send(path, request, next.value, read);
    }
  }

  private send<T>(
    path: string,
    { method = 'GET', query = {}, headers: given = {}, body, signal }: ResourceRequest,
    token: string,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const url = this.urlOf(path, query);
    const headers = new Headers({
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    });
    for (const [name, value] of Object.entries(given)) headers.set(name, value);
    headers.set('authorization', `Bearer ${token}`);
    const init: RequestInit = {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };

    const attempt = (milliseconds: number) => this.attempt(url, { ...init, signal }, milliseconds, read);
    const timeout = this.options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
    const repeatable = REPEATABLE_METHODS.includes(method) || headers.has('idempotency-key');
    return repeatable ? withRetries(attempt, timeout, this.options) : attempt(timeout);
  }

  private async attempt<T>(
    url: URL,
    init: RequestInit,
    milliseconds: number,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { fetch: fetchAny = fetch, now = Date.now } = this.options;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
    try {
      const signal = init.signal ? AbortSignal.any([init.signal, controller.signal]) : controller.signal;
      const response = await answerOf(url, () => fetchAny(url, { ...init, signal }), now);
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
    // The token goes to this server only, whatever the path was made of.
    if (url.origin !== this.base.origin) throw new TypeError(`${path} leads away from ${this.base.origin}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }
}
