import { z } from 'zod';
import { wrongUsage } from '../exit-code.js';

const Id = z.uuid();

/** @throws CommandError naming the option. */
export function checkUuid(text: string, option: string): string {
  if (Id.safeParse(text).success) return text.toLowerCase();
  throw wrongUsage(`error: ${option} must be a UUID`);
}
