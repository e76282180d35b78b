import { InvalidArgumentError } from '@commander-js/extra-typings';

const MAX_COUNT = 10_000;
const SECONDS = { s: 1, m: 60, h: 3600, d: 24 * 3600 } as const;
const MAX_SECONDS = 10 * 365 * SECONDS.d;

/** Parses a count between 1 and 10,000. */
export function readCount(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_COUNT) return count;
  throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_COUNT}.`);
}

/** Parses a duration such as `90`, `90s`, `30m`, `12h` or `7d`, at most ten years. Returns seconds. */
export function readSeconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const seconds = Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds <= MAX_SECONDS) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds, or such as 30m, 12h, 7d.');
}
