import { InvalidArgumentError } from '@commander-js/extra-typings';

const MOST = 10_000;

/** Parses a count between 1 and 10,000. */
export function readCount(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw new InvalidArgumentError(`It must be a number from 1 to ${MOST}.`);
}
