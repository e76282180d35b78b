import { InvalidArgumentError } from '@commander-js/extra-typings';

const SECONDS = { s: 1, m: 60, h: 3600, d: 24 * 3600 } as const;
const LONGEST = 10 * 365 * SECONDS.d;

/** Parses a duration such as `90`, `90s`, `30m`, `12h` or `7d`, at most ten years. Returns seconds. */
export function readSeconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const seconds = Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds <= LONGEST) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds, or such as 30m, 12h, 7d.');
}
