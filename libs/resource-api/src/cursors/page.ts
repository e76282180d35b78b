import type { SelectQueryBuilder } from 'typeorm';
import { creationCursorOf, type CreationPosition } from './creation-cursor.js';

/** The rows of one page; `nextCursor` is null on the last page. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly nextCursor: string | null;
}

/** Says where a page begins and how many rows it has at most. Without `after` it is the first page. */
export interface PageRequest {
  readonly after?: CreationPosition;
  readonly limit: number;
}

/**
 * Reads one page of a query, the newest rows first. The entity needs the properties `createdAt` and `id`; an index on
 * the columns that the query selects by, then `createdAt` and `id`, keeps late pages as fast as the first.
 *
 * @example
 * ```ts
 * newestFirst(contacts.createQueryBuilder('contact').where('contact.owner = :owner', { owner }), { after, limit: 20 });
 * ```
 */
export async function newestFirst<Row extends CreationPosition>(
  query: SelectQueryBuilder<Row>,
  { after, limit }: PageRequest,
): Promise<Page<Row>> {
  const [createdAt, id] = [`${query.alias}.createdAt`, `${query.alias}.id`];
  if (after) {
    query.andWhere(`(${createdAt}, ${id}) < (:afterCreatedAt, :afterId)`, {
      afterCreatedAt: after.createdAt,
      afterId: after.id,
    });
  }
  query.orderBy(createdAt, 'DESC').addOrderBy(id, 'DESC');
  // One row more than the page has shows whether another page follows.
  const found = await query.limit(limit + 1).getMany();
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last ? creationCursorOf(last) : null };
}
