import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { SecureContext } from 'node:tls';

/** An HTTP request of the doctor. */
export interface VisitRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A response that arrived. */
export interface Answer {
  readonly request: VisitRequest;
  readonly status: number;
  /** The headers by their lower-case names, without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of `set-cookie`. */
  readonly cookies: readonly string[];
  /** The first mebibyte of the body. */
  readonly body: string;
  /** The time of this machine when the headers arrived. */
  readonly receivedAt: Date;
}

/** A request to which no response arrived. */
export interface NoAnswer {
  readonly request: VisitRequest;
  /** The code or message of the error of the connection. */
  readonly failure: string;
}

export type Visit = Answer | NoAnswer;

export const isAnswer = (visit: Visit | undefined): visit is Answer => visit !== undefined && 'status' in visit;

const MOST_BODY = 1024 * 1024;
const TIMEOUT = 10_000;

/** Proves who sends a request, to a server that is trusted. */
export interface Credentials {
  /** An access token. */
  readonly token: string;
  /** The trusted authorities. A server with another certificate does not get the token. */
  readonly trusted: SecureContext;
}

/**
 * Sends requests and records the responses. It follows no redirects. It verifies a certificate only before it sends an access
 * token, because it must see the rest of an installation whose certificate is wrong. The checks of the group Connections judge
 * the certificates.
 */
export class Visitor {
  readonly visits: Visit[] = [];

  /** Sends a request. A failed connection is a result, not an error. */
  async visit(request: VisitRequest, credentials?: Credentials): Promise<Visit> {
    const visit = await send(request, credentials).catch((error: NodeJS.ErrnoException): Visit => {
      return { request, failure: error.code ?? error.message };
    });
    this.visits.push(visit);
    return visit;
  }
}

async function send(request: VisitRequest, credentials?: Credentials): Promise<Answer> {
  const url = new URL(request.url);
  const options = {
    method: request.method ?? 'GET',
    agent: false,
    rejectUnauthorized: credentials !== undefined,
    ...(credentials && { secureContext: credentials.trusted }),
    headers: {
      'user-agent': 'trefoil-doctor',
      ...(request.body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(request.body)),
      }),
      ...(credentials && { authorization: `Bearer ${credentials.token}` }),
      ...request.headers,
    },
  };
  const sent = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  const timer = setTimeout(() => sent.destroy(new Error('no answer within 10 seconds')), TIMEOUT);
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject).end(request.body);
    });
    const receivedAt = new Date();
    const body = await readBody(message);
    const { 'set-cookie': cookies = [], ...headers } = message.headers;
    return {
      request,
      status: message.statusCode ?? 0,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      cookies,
      body,
      receivedAt,
    };
  } finally {
    clearTimeout(timer);
    sent.destroy();
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > MOST_BODY) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, MOST_BODY);
}

/** Returns the parsed body of a JSON object; undefined when it is not one. */
export function jsonOf(visit: Visit | undefined): Record<string, unknown> | undefined {
  if (!isAnswer(visit)) return undefined;
  try {
    const value: unknown = JSON.parse(visit.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns whether the response declares JSON, or a type that is built on it (RFC 6838 §4.2.8). */
export const isJsonType = ({ headers }: Answer): boolean =>
  /^application\/(?:[\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '');

/** Returns whether the response is an HTML page. */
export const isPage = ({ headers }: Answer): boolean => /^text\/html\b/i.test(headers['content-type'] ?? '');

/** Describes an exchange in one line, as evidence. */
export const described = (visit: Visit): string => {
  const { method = 'GET', url } = visit.request;
  const result = isAnswer(visit)
    ? `${visit.status} ${visit.headers['content-type'] ?? 'without a content type'}`
    : `no answer (${visit.failure})`;
  return `${method} ${withoutQuery(url)}: ${result}`;
};

/** Returns a URL without its query, which may be long or specific to one sign-in. */
export const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? url;
