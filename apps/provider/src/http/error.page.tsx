import type { RenderErrorPage } from '@trefoil/server-kit';
import { ErrorPage, renderPage } from '@trefoil/ui';
import { STATUS_CODES } from 'node:http';
import { BRAND } from './provider-page.js';

interface Words {
  readonly title: string;
  readonly message: string;
}

const WORDS: Record<number, Words> = {
  403: { title: 'This was not accepted', message: 'Go back, reload the page and try again.' },
  404: { title: 'There is nothing here', message: 'The address may be misspelt, or the page has moved.' },
  413: { title: 'This is too much', message: 'What was sent is larger than this server takes.' },
  503: {
    title: 'Not available right now',
    message: 'Something this server needs does not answer. Try again in a few seconds.',
  },
};

const REQUEST: Words = {
  title: 'This request cannot be answered',
  message: 'Go back to where you came from and try again from there.',
};

const OURS: Words = {
  title: 'Something went wrong on our side',
  message: 'Nothing of what you entered is at fault. Try again in a minute.',
};

/** The page of an error: what happened, what to do now and an id to quote. */
export const renderErrorPage: RenderErrorPage = ({ status, title, detail, requestId }) => {
  const words = WORDS[status] ?? (status < 500 ? REQUEST : OURS);
  // An error that was raised for people has words of its own; the others only name their status or code.
  const isForPeople = title !== STATUS_CODES[status] && /^[A-Z]/.test(title);
  return renderPage(
    <ErrorPage
      brand={BRAND}
      title={isForPeople ? title : words.title}
      message={(isForPeople || status === 403) && detail ? detail : words.message}
      next={[{ href: '/', label: 'Go to the start page' }]}
      id={requestId}
    />,
  );
};
