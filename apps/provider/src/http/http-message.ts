import type { cookieAttributes, RequestWithConnection } from '@trefoil/server-kit';
import type { IncomingHttpHeaders } from 'node:http';

// Services take these parts of HTTP messages instead of Fastify's requests and replies, so that the model depends on no
// web framework and a test can pass a plain object.

/** The part of a request that holds its header fields. */
export interface RequestWithHeaders {
  readonly headers: IncomingHttpHeaders;
}

/** The parts of a request that can hold the credentials of a client. */
export interface RequestWithCredentials extends RequestWithHeaders, RequestWithConnection {}

/** The part of a request that identifies it and its sender. */
export interface RequestWithOrigin extends RequestWithHeaders {
  /** The id of the request, as the log and the error pages show it. */
  readonly id: string;
  /** The network address of the client. */
  readonly ip: string;
}

/** The part of a request that holds its cookies. */
export interface RequestWithCookies {
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

/** The part of a reply that sets and clears cookies. */
export interface ReplyWithCookies {
  setCookie(name: string, value: string, attributes: CookieAttributes): unknown;
  clearCookie(name: string, attributes: CookieAttributes): unknown;
}

type CookieAttributes = ReturnType<typeof cookieAttributes>;
