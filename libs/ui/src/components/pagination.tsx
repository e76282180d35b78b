import { ButtonLink } from './button.js';

export interface PaginationProps {
  /** The name of the list, such as `Contacts`. */
  label: string;
  /** Absent on the first page. */
  firstHref?: string | undefined;
  /** Absent on the last page. */
  nextHref?: string | undefined;
}

/** Links to the next and to the first page of a list with cursor pagination. */
export function Pagination({ label, firstHref, nextHref }: PaginationProps) {
  if (!firstHref && !nextHref) return null;
  return (
    <nav class="pagination" aria-label={`${label}: pages`}>
      {firstHref && (
        <ButtonLink href={firstHref} variant="secondary">
          First page
        </ButtonLink>
      )}
      {nextHref && (
        <ButtonLink href={nextHref} variant="secondary" rel="next">
          Next page
        </ButtonLink>
      )}
    </nav>
  );
}
