import { ErrorPage, FlowDiagram, Layout, renderPage, stylesheet } from './index.js';

const brand = { name: 'Trefoil' };

describe('a page', () => {
  it('starts with the doctype and has its language and title', () => {
    const html = renderPage(<Layout title="Contacts" lang="en-GB" brand={brand} />);
    expect(html).toMatch(/^<!doctype html><html lang="en-GB">/);
    expect(html).toContain('<title>Contacts · Trefoil</title>');
    expect(html).toContain(`<link rel="stylesheet" href="${stylesheet.path}"/>`);
  });

  it('has one h1 with its heading, or with its title if it has no heading', () => {
    const headings = (html: string) => [...html.matchAll(/<h1>(.*?)<\/h1>/g)].map(([, text]) => text);
    expect(headings(renderPage(<Layout title="Contacts" brand={brand} />))).toEqual(['Contacts']);
    expect(headings(renderPage(<Layout title="Profile" heading="Alice" brand={brand} />))).toEqual(['Alice']);
    expect(headings(renderPage(<ErrorPage title="Gone" message="It is gone." brand={brand} />))).toEqual(['Gone']);
  });

  it('starts with a link that skips to the main part (WCAG 2.2 §2.4.1)', () => {
    const html = renderPage(<Layout title="Contacts" brand={brand} />);
    expect(html).toMatch(/<body><a class="skip-link" href="#main">/);
    expect(html).toContain('<main id="main"');
  });

  it('has no inline script or style (Content-Security-Policy: default-src none)', () => {
    const html = renderPage(
      <Layout title="Trefoil" brand={brand} user={{ name: 'Alice', signOut: { action: '/logout', formToken: 't' } }}>
        <FlowDiagram />
      </Layout>,
    );
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
  });

  it('marks the current page in the navigation', () => {
    const nav = [
      { href: '/', label: 'Home' },
      { href: '/contacts', label: 'Contacts', current: true },
    ];
    const html = renderPage(<Layout title="Contacts" brand={brand} nav={nav} />);
    expect(html).toContain('<a href="/contacts" aria-current="page">');
    expect(html.match(/aria-current/g)).toHaveLength(1);
  });

  it('has a sign-out form with the form token instead of a link', () => {
    const user = { name: 'Alice', signOut: { action: '/logout', formToken: 'token-1' } };
    const html = renderPage(<Layout title="Contacts" brand={brand} user={user} />);
    expect(html).toMatch(
      /<form method="post" action="\/logout"[^>]*><input type="hidden" name="form_token" value="token-1"\/>/,
    );
  });
});

describe('an error page', () => {
  it('shows the error, the next step and the id to quote', () => {
    const html = renderPage(
      <ErrorPage
        title="This sign-in has expired"
        message="It was started too long ago."
        brand={brand}
        next={[{ href: '/login', label: 'Start again' }]}
        id="req-1"
      />,
    );
    expect(html).toContain('It was started too long ago.');
    expect(html).toMatch(/<a class="button primary" href="\/login">Start again<\/a>/);
    expect(html).toContain('<code id="error-id">req-1</code>');
  });
});

describe('the flow diagram', () => {
  it('has a title and a description in both variants, with unique ids (WCAG 2.2 §1.1.1)', () => {
    const html = renderPage(<FlowDiagram />);
    const named = [...html.matchAll(/<svg[^>]*role="img" aria-labelledby="(\S+) (\S+)"/g)];
    expect(named).toHaveLength(2);
    for (const [, title, description] of named) {
      expect(html.split(`<title id="${title}">`)).toHaveLength(2);
      expect(html.split(`<desc id="${description}">`)).toHaveLength(2);
    }
  });
});
