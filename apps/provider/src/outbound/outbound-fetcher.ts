import { Inject, Injectable } from '@nestjs/common';
import { lookup } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { CONFIG, type ProviderConfig } from '../config.js';
import { isNestedDeeperThan, JSON_DEPTH_LIMIT } from '../http/json-depth.js';
import { OutboundError } from './outbound-error.js';
import { isPublicAddress } from './public-address.js';

/** How long a request may take from the first look-up to the last byte, in milliseconds. */
const TIME_LIMIT = 3000;
/** How much of an answer is read, in bytes. */
const SIZE_LIMIT = 64 * 1024;

/** A JSON document that a client publishes. */
export interface FetchedJson {
  readonly json: unknown;
  /** Seconds that the `Cache-Control` of the answer lets it be kept; undefined when it does not say. */
  readonly maxAge: number | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Sending {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/**
 * The one way out to addresses that clients name (`jwks_uri`, `sector_identifier_uri`, `backchannel_logout_uri`,
 * client-id documents), so that none of them reaches the inside of our network: https, no redirects, public addresses
 * only, looked up once and then kept, three seconds and 64 KiB at most (RFC 9700 §4.12, RFC 9101 §10.4).
 *
 * Origins of `OUTBOUND_ALLOWED_ORIGINS` may be http and have any address.
 */
@Injectable()
export class OutboundFetcher {
  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'OUTBOUND_ALLOWED_ORIGINS'>) {}

  /**
   * Fetches a JSON document.
   *
   * @throws OutboundError when the address is refused, or the answer is no 200 with JSON, too slow or too large.
   */
  async getJson(url: string): Promise<FetchedJson> {
    const { status, headers, body } = await this.send(url, { method: 'GET', headers: { accept: 'application/json' } });
    if (status !== 200) throw new OutboundError(`the answer was ${status}, not 200`);
    return { json: parseJson(body), maxAge: maxAgeOf(headers['cache-control']) };
  }

  /**
   * Posts a form and returns the status of the answer, whatever it is.
   *
   * @throws OutboundError when the address is refused or nothing answers in time.
   */
  async postForm(url: string, form: Record<string, string>): Promise<number> {
    const body = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await this.send(url, { method: 'POST', headers, body })).status;
  }

  /**
   * Posts a body and returns the answer, whatever its status; bytes that are no UTF-8 become U+FFFD.
   *
   * @throws OutboundError when the address is refused or nothing answers in time.
   */
  async post(url: string, body: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    const answer = await this.send(url, { method: 'POST', headers, body });
    return { status: answer.status, text: answer.body.toString() };
  }

  /**
   * Whether requests may be sent to a URL, as far as it can be told without looking its host up; for registration.
   *
   * @throws OutboundError saying why not.
   */
  checkUrl(url: string): void {
    this.parse(url);
  }

  private parse(text: string): { url: URL; isTrusted: boolean } {
    if (!URL.canParse(text)) throw new OutboundError('the address is no URL');
    const url = new URL(text);
    const isTrusted = this.config.OUTBOUND_ALLOWED_ORIGINS.includes(url.origin);
    if (url.protocol !== 'https:' && !(isTrusted && url.protocol === 'http:')) {
      throw new OutboundError('the address must be https');
    }
    if (url.username !== '' || url.password !== '') throw new OutboundError('the address must not hold credentials');
    return { url, isTrusted };
  }

  private async send(text: string, sending: Sending): Promise<Answer> {
    const { url, isTrusted } = this.parse(text);
    const signal = AbortSignal.timeout(TIME_LIMIT);
    try {
      const lookup = await within(signal, pinnedLookup(url, isTrusted));
      return await exchange(url, sending, { lookup, signal });
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      const what = signal.aborted ? 'nothing answered in time' : 'the address cannot be reached';
      throw new OutboundError(what, { cause: error });
    }
  }
}

/** Resolves a host once; the connection goes to what was checked, whatever the name says a moment later. */
async function pinnedLookup({ hostname }: URL, isTrusted: boolean): Promise<LookupFunction> {
  const addresses = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true });
  const [first] = addresses;
  if (!first) throw new OutboundError('the address cannot be reached');
  if (!isTrusted && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new OutboundError('the address is not one of the public internet');
  }
  return (_hostname, options, done) => {
    if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  };
}

function exchange(url: URL, { method, headers, body }: Sending, options: RequestOptions): Promise<Answer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, headers: { 'user-agent': 'trefoil', ...headers }, agent: false });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      readBody(answer).then((bytes) => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes });
      }, reject);
    });
    sent.end(body);
  });
}

async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the connection.
    if (size > SIZE_LIMIT) throw new OutboundError('the answer is larger than 64 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The look-up of a name cannot be broken off, only left behind. */
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
    throw new OutboundError('the answer is no JSON', { cause });
  }
}

function maxAgeOf(cacheControl: string | undefined): number | undefined {
  if (/\bno-(store|cache)\b/i.test(cacheControl ?? '')) return 0;
  const seconds = /\bmax-age="?(\d{1,9})\b/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
