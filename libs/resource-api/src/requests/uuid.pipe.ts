import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';

const uuid = z.guid();

/**
 * Checks an id in a path. An id that is not a UUID belongs to no row, so the answer is the same as for an unknown one.
 *
 * @example
 * ```ts
 * read(@Param('id', new UuidPipe(noSuchContact)) id: string) { … }
 * ```
 */
export class UuidPipe implements PipeTransform<string, string> {
  /** @param notFound Creates the error for an unknown id, such as a `ProblemError` 404. */
  constructor(private readonly notFound: () => Error) {}

  transform(id: string): string {
    if (!uuid.safeParse(id).success) throw this.notFound();
    return id;
  }
}
