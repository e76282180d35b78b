import type { RenderErrorPage } from '@trefoil/server-kit';
import { ErrorPage, renderPage } from '@trefoil/ui';
import type { VNode } from 'preact';
import { type Link, START_PAGE } from './links.js';
import { type CurrentUser, headerFor } from './site-layout.js';
import type { Site } from '../description.js';

const HEADINGS: Readonly<Record<number, string>> = {
  401: 'Please sign in again',
  403: 'Not allowed',
  404: 'Nothing here',
  413: 'Too much text',
  429: 'Too many requests',
  503: 'Not possible at the moment',
};

// An empty reference points to the current page. Every page can be requested again.
const TRY_AGAIN: Link = { href: '', label: 'Try again' };

const isTemporary = (status: number): boolean => status >= 500 || status === 429;

/** Properties of an error page that do not follow from the error itself. */
export interface ErrorPageContext {
  readonly user?: CurrentUser | undefined;
  /** The next steps to offer instead of the usual ones. */
  readonly next?: readonly Link[] | undefined;
  /** The submitted form, to be sent again. */
  readonly form?: VNode | undefined;
}

/** Renders an error as a page with one plain sentence, the next steps, and the request id to quote. */
export function renderErrorPage(
  site: Site,
  error: Parameters<RenderErrorPage>[0],
  context: ErrorPageContext = {},
): string {
  const { status, detail, requestId } = error;
  const { user, form } = context;
  const usualNext = isTemporary(status) ? [TRY_AGAIN, START_PAGE] : [START_PAGE];
  const title = HEADINGS[status] ?? (status >= 500 ? 'Something went wrong' : 'That did not work');
  const message = detail ?? 'This could not be done.';
  return renderPage(
    <ErrorPage
      {...headerFor(site, user)}
      title={title}
      message={status === 503 && user ? `${message} You are still signed in.` : message}
      // A link away from a filled-in form would lose the text.
      next={form ? [] : (context.next ?? usualNext)}
      id={requestId}
      footer={site.footer}
    >
      {form}
    </ErrorPage>,
  );
}
