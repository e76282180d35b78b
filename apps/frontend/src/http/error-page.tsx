import type { RenderErrorPage } from '@trefoil/server-kit';
import { ErrorPage, renderPage } from '@trefoil/ui';
import { Footer, headerOf } from './site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';

const HEADINGS: Readonly<Record<number, string>> = {
  401: 'Please sign in again',
  403: 'Not allowed',
  404: 'Nothing here',
  413: 'Too much text',
  429: 'Too many requests',
  503: 'Not possible at the moment',
};

const HOME = { href: '/', label: 'Start page' };
// An empty reference is the address of the page itself, and all of ours can be asked for again.
const AGAIN = { href: '', label: 'Try again' };

/** How an error page leads on, when there is more to say than the error itself does. */
export interface ErrorPageContext {
  readonly viewer?: Viewer | undefined;
  readonly next?: readonly { href: string; label: string }[];
}

/** An error as a page: a plain sentence, what to do next, an id to quote. */
export function renderErrorPage(error: Parameters<RenderErrorPage>[0], context: ErrorPageContext = {}): string {
  const { status, detail, requestId } = error;
  const { viewer, next = status >= 500 ? [AGAIN, HOME] : [HOME] } = context;
  const title = HEADINGS[status] ?? (status >= 500 ? 'Something went wrong' : 'That did not work');
  const message = detail ?? 'This could not be done.';
  return renderPage(
    <ErrorPage
      {...headerOf(viewer)}
      title={title}
      message={status === 503 && viewer ? `${message} You are still signed in.` : message}
      next={next}
      id={requestId}
      footer={<Footer />}
    />,
  );
}
