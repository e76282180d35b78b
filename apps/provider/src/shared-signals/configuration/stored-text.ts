import { z } from 'zod';

/** Text of a receiver that is kept and given back; PostgreSQL takes no U+0000, and no half of a character is one. */
export const storedText = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => !/[\0\p{Cs}]/u.test(text), 'must be valid UTF-8 without U+0000');
