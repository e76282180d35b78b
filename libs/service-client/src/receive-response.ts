import { ServiceUnavailable } from './errors.js';

/**
 * Sends a request to a server and returns its response.
 *
 * @param now Returns the time in milliseconds since 1970.
 * @throws ServiceUnavailable when the server does not respond, or responds with 429 or 5xx.
 */
export async function receiveResponse(
  server: URL,
  send: () => Promise<Response>,
  now: () => number,
): Promise<Response> {
  const response = await send().catch((cause: unknown) => {
    throw new ServiceUnavailable(`${server.origin} does not answer`, { cause });
  });
  const { status, headers } = response;
  if (status !== 429 && status < 500) return response;
  await response.body?.cancel();
  throw new ServiceUnavailable(`${server.origin} answered ${status}`, {
    status,
    retryAfterSeconds: retryAfterSeconds(headers, now()),
  });
}

/** Returns the seconds in a `Retry-After` header, which may hold a number or a date (RFC 9110 §10.2.3). */
function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
