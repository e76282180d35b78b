import { ButtonLink } from './button-link.js';

export interface PaginationProps {
  /** What is paged through, such as `Contacts`. */
  label: string;
  /** Absent on the first page. */
  firstHref?: string | undefined;
  /** Absent on the last page. */
  nextHref?: string | undefined;
}

/** Leads through pages found by a cursor: on to the next, or back to the first. */
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
