import { encodedCursorParameter, writeCursor } from '@trefoil/resource-api';
import { z } from 'zod';

/** The query of a list that is sorted by a unique key, such as an identifier. */
export const ListQuery = z.object({
  cursor: encodedCursorParameter(/^after [^\0 ]{1,600}$/, ([, key = '']) => key).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type ListQuery = z.output<typeof ListQuery>;

/** The query of a list that can be searched for a text, in any case. */
export const SearchQuery = ListQuery.extend({
  search: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^\0]*$/, 'must not contain a null character')
    .optional(),
});
export type SearchQuery = z.output<typeof SearchQuery>;

/** Returns the schema of one page of a list; `nextCursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** One page of a list. */
export interface AdminPage<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/**
 * Reads one page of a list that is sorted by a unique key.
 *
 * @param read returns at most `limit` rows whose keys follow `after`, sorted by their keys.
 * @param keyOf returns the key of a row, which contains no space.
 */
export async function readPage<Row, Item>(
  { cursor, limit }: ListQuery,
  read: (range: { after?: string; limit: number }) => Promise<Row[]>,
  keyOf: (row: Row) => string,
  represent: (row: Row) => Item,
): Promise<AdminPage<Item>> {
  // One row more than the page has shows whether another page follows.
  const found = await read({ after: cursor, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    items: rows.map(represent),
    nextCursor: found.length > limit && last !== undefined ? writeCursor('after', keyOf(last)) : null,
  };
}
