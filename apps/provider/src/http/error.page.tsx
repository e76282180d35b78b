import type { RenderErrorPage } from '@trefoil/server-kit';
import { ErrorPage, renderPage } from '@trefoil/ui';
import { STATUS_CODES } from 'node:http';
import { BRAND } from './provider-page.js';

/** The text of an error page. */
interface ErrorText {
  readonly title: string;
  readonly message: string;
}

const TEXT_OF_STATUS: Record<number, ErrorText> = {
  403: { title: 'This was not accepted', message: 'Go back, reload the page and try again.' },
  404: { title: 'There is nothing here', message: 'The address may be misspelt, or the page has moved.' },
  413: { title: 'This is too large', message: 'The data you sent is larger than this server accepts.' },
  429: { title: 'Too many requests', message: 'Your network sent too many requests. Wait a minute, then try again.' },
  503: {
    title: 'Not available right now',
    message: 'A service that this server depends on does not answer. Try again in a few seconds.',
  },
};

const BAD_REQUEST: ErrorText = {
  title: 'This request cannot be answered',
  message: 'Go back to where you came from and try again from there.',
};

const SERVER_ERROR: ErrorText = {
  title: 'Something went wrong on our side',
  message: 'The data you entered is not the cause. Try again in a minute.',
};

/** Renders the page of an error: what happened, what to do next, and the request id to quote. */
export const renderErrorPage: RenderErrorPage = ({ status, title, detail, requestId }) => {
  const text = TEXT_OF_STATUS[status] ?? (status < 500 ? BAD_REQUEST : SERVER_ERROR);
  // Errors that are raised for people have a title and detail of their own; the others name only a status or an error code.
  const isForPeople = title !== STATUS_CODES[status] && /^[A-Z]/.test(title);
  return renderPage(
    <ErrorPage
      brand={BRAND}
      title={isForPeople ? title : text.title}
      message={(isForPeople || status === 403) && detail ? detail : text.message}
      next={[{ href: '/', label: 'Go to the start page' }]}
      id={requestId}
    />,
  );
};
