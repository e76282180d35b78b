import { renderErrorPage } from './error.page.js';

const render = (error: { status: number; title: string; detail?: string }) =>
  renderErrorPage({ ...error, requestId: 'the-request' });

describe('renderErrorPage', () => {
  it.each([400, 403, 404, 405, 413, 415, 418, 429, 500, 503])(
    'shows a title, an explanation, a link and the request id for status %d',
    (status) => {
      const page = render({ status, title: 'Not Found' });
      expect(page).toMatch(/<h1>[^<]+<\/h1>.*<p class="lead">[^<]+<\/p>.*href="\/".*the-request/s);
    },
  );

  it('shows the title and detail of an error that was raised for people', () => {
    expect(render({ status: 400, title: 'This sign-in cannot be started', detail: 'Because.' })).toMatch(
      /<h1>This sign-in cannot be started<\/h1>.*Because\./s,
    );
  });

  it('hides the code of an error that was raised for programs', () => {
    expect(render({ status: 400, title: 'invalid_request', detail: 'state must not be repeated' })).not.toMatch(
      'invalid',
    );
  });

  it('escapes title and detail', () => {
    expect(render({ status: 400, title: 'A <script>', detail: '<script>' })).not.toMatch('<script');
  });
});
