import { ServiceUnavailable } from './errors.js';
import { retryAfterSeconds } from './retry-after.js';

/**
 * Waits for the answer of a server.
 *
 * @throws ServiceUnavailable when none comes, or one that says "not now": 429 and 5xx.
 */
export async function answerOf(server: URL, request: () => Promise<Response>, now: () => number): Promise<Response> {
  const response = await request().catch((cause: unknown) => {
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
