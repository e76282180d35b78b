import { ServiceUnavailable } from '@trefoil/service-client';

/**
 * Returns the result of calls to another server, if they finish within a time limit.
 *
 * @throws ServiceUnavailable when the time is over. The calls are not cancelled.
 */
export async function withTimeLimit<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ServiceUnavailable(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
