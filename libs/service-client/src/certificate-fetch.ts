import { Agent, type AgentOptions, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createSecureContext } from 'node:tls';

/** The certificate of a client with its key, and the authorities of the servers, all PEM. */
export type ClientTlsOptions = Pick<AgentOptions, 'cert' | 'key' | 'ca'>;

/** The certificate of a client, or a function that returns the one in use now, which may have been renewed. */
export type ClientCertificateSource = ClientTlsOptions | (() => ClientTlsOptions);

const WITHOUT_BODY = [204, 205, 304];

/** Shorter than servers keep idle connections open (5 s in Node.js), so that no request meets a connection that closes. */
const IDLE_MILLISECONDS = 4_000;

/**
 * Returns a `fetch` that presents a client certificate on its TLS connections (RFC 8705 §2). It follows no redirects. Plain
 * http URLs go to the global `fetch`.
 *
 * ```ts
 * const account = await certificateFetch({ cert, key })('https://auth.example:3443/api/account', { headers });
 * ```
 */
export function certificateFetch(source: ClientCertificateSource): typeof fetch {
  const agentNow = renewedAgents(typeof source === 'function' ? source : () => source);
  return async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).protocol !== 'https:') return fetch(request);
    request.signal.throwIfAborted();
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    return send(request, body, agentNow());
  };
}

/** Returns a function that returns the agent of the certificate in use. A renewed certificate gets new connections. */
function renewedAgents(current: () => ClientTlsOptions): () => Agent {
  let used: ClientTlsOptions | undefined;
  let agent: Agent | undefined;
  return () => {
    const options = current();
    if (agent && options === used) return agent;
    used = options;
    // Made once, because to read the certificates for each connection takes long.
    const secureContext = createSecureContext({ minVersion: 'TLSv1.2', ...options });
    return (agent = new Agent({ keepAlive: true, timeout: IDLE_MILLISECONDS, secureContext }));
  };
}

function send(request: Request, body: Buffer | undefined, agent: Agent): Promise<Response> {
  const { method, signal } = request;
  const headers = Object.fromEntries(request.headers);
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(request.url, { method, headers, agent, signal }, (answer) => resolve(responseOf(answer)));
    // The same errors as those of the global fetch, so that callers treat them alike.
    sent.on('error', (cause) => {
      const { reason } = signal as { reason: unknown };
      reject(reason instanceof Error ? reason : new TypeError('fetch failed', { cause }));
    });
    sent.end(body);
  });
}

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = '', rawHeaders } = answer;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  if (WITHOUT_BODY.includes(status)) answer.resume();
  const body = WITHOUT_BODY.includes(status) ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(body, { status, statusText, headers });
}
