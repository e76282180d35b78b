import { Inject, Injectable } from '@nestjs/common';
import { lookup } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CONFIG, type ProviderConfig } from '../config.js';
import { isNestedDeeperThan, JSON_DEPTH_LIMIT } from '../http/json-depth.js';
import { isPublicAddress } from './public-address.js';

/** How long a request may take from the DNS look-up to the last byte, in milliseconds. */
const TIME_LIMIT = 3000;
/** The largest response body, in bytes. */
const SIZE_LIMIT = 64 * 1024;

/** Thrown when a request to an address of a client fails or is refused. The message may be shown to the client. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
}

/** A JSON document that a client publishes. */
export interface FetchedJson {
  readonly json: unknown;
  /** Seconds for which the `Cache-Control` header allows caching; undefined when it does not say. */
  readonly maxAge: number | undefined;
}

interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/**
 * Sends every request to an address that a client registered (`jwks_uri`, `sector_identifier_uri`,
 * `backchannel_logout_uri`, client ID documents), and prevents requests to the private network (RFC 9700 §4.12,
 * RFC 9101 §10.4): https and public addresses only, one DNS look-up for check and connection, no redirects, at most
 * three seconds and 64 KiB.
 *
 * Origins in `OUTBOUND_ALLOWED_ORIGINS` may use http and any address.
 */
@Injectable()
export class OutboundFetcher {
  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'OUTBOUND_ALLOWED_ORIGINS'>) {}

  /**
   * Fetches a JSON document.
   *
   * @throws OutboundError when the address is refused, or the response is not a 200 with JSON, too slow or too large.
   */
  async getJson(url: string): Promise<FetchedJson> {
    const { status, headers, body } = await this.send(url, { method: 'GET', headers: { accept: 'application/json' } });
    if (status !== 200) throw new OutboundError(`the response status was ${status}, not 200`);
    return { json: parseJson(body), maxAge: maxAgeOf(headers['cache-control']) };
  }

  /**
   * Posts a form and returns the status of the response. Does not throw for an error status.
   *
   * @throws OutboundError when the address is refused, or there is no response in time.
   */
  async postForm(url: string, form: Record<string, string>): Promise<number> {
    const body = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await this.send(url, { method: 'POST', headers, body })).status;
  }

  /**
   * Posts a body and returns the response. Does not throw for an error status. Bytes that are not UTF-8 become U+FFFD.
   *
   * @throws OutboundError when the address is refused, or there is no response in time.
   */
  async post(url: string, body: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    const response = await this.send(url, { method: 'POST', headers, body });
    return { status: response.status, text: response.body.toString() };
  }

  /**
   * Checks at registration that requests may be sent to a URL. Refuses literal addresses that are not public, and does not
   * look up names.
   *
   * @throws OutboundError with the reason when they may not.
   */
  checkUrl(url: string): void {
    this.parse(url);
  }

  private parse(text: string): { url: URL; isTrusted: boolean } {
    if (!URL.canParse(text)) throw new OutboundError('the address is not a URL');
    const url = new URL(text);
    const isTrusted = this.config.OUTBOUND_ALLOWED_ORIGINS.includes(url.origin);
    if (url.protocol !== 'https:' && !(isTrusted && url.protocol === 'http:')) {
      throw new OutboundError('the address must be https');
    }
    if (url.username !== '' || url.password !== '') throw new OutboundError('the address must not contain credentials');
    if (!isTrusted && isOwnHost(url.hostname)) throw new OutboundError('the address is not on the public internet');
    return { url, isTrusted };
  }

  private async send(text: string, request: OutboundRequest): Promise<OutboundResponse> {
    const { url, isTrusted } = this.parse(text);
    const signal = AbortSignal.timeout(TIME_LIMIT);
    try {
      const lookup = await within(signal, pinnedLookup(url, isTrusted));
      return await exchange(url, request, { lookup, signal });
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      const message = signal.aborted ? 'there was no response in time' : 'the address cannot be reached';
      throw new OutboundError(message, { cause: error });
    }
  }
}

/** Returns whether a host is, without a look-up, not on the public internet: a literal address, or a name of loopback (RFC 6761 §6.3). */
function isOwnHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : !isPublicAddress(host);
}

/** Resolves a host once, so that the connection goes to the checked address even when the DNS record changes. */
async function pinnedLookup({ hostname }: URL, isTrusted: boolean): Promise<LookupFunction> {
  const addresses = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true });
  const [first] = addresses;
  if (!first) throw new OutboundError('the address cannot be reached');
  if (!isTrusted && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new OutboundError('the address is not on the public internet');
  }
  return (_hostname, options, done) => {
    if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  };
}

function exchange(
  url: URL,
  { method, headers, body }: OutboundRequest,
  options: RequestOptions,
): Promise<OutboundResponse> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, headers: { 'user-agent': 'trefoil', ...headers }, agent: false });
    sent.once('error', reject);
    sent.once('response', (response) => {
      readBody(response).then((bytes) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes });
      }, reject);
    });
    sent.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Throwing inside the loop destroys the connection.
    if (size > SIZE_LIMIT) throw new OutboundError('the response is larger than 64 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Rejects when the signal aborts. A DNS look-up cannot be cancelled, so it goes on in the background. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too slow')), { once: true });
    work.then(resolve, reject);
  });
}

function parseJson(body: Buffer): unknown {
  const json = decodeJson(body);
  if (isNestedDeeperThan(json, JSON_DEPTH_LIMIT)) {
    throw new OutboundError(`the answer is nested deeper than ${JSON_DEPTH_LIMIT} levels`);
  }
  return json;
}

function decodeJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new OutboundError('the response is not valid JSON', { cause });
  }
}

function maxAgeOf(cacheControl: string | undefined): number | undefined {
  if (/\bno-(store|cache)\b/i.test(cacheControl ?? '')) return 0;
  const seconds = /\bmax-age="?(\d{1,9})\b/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
