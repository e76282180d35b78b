import { ServiceUnavailable } from '@trefoil/service-client';

/**
 * Waits for what several requests to another server give, so long and no longer.
 *
 * @throws ServiceUnavailable when the time is over; the work is left to its own end.
 */
export async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
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
