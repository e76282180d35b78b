import { type Answer, Browser, type Page, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;
let browser: Browser;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
  browser = new Browser();
  await browser.open(`${frontend.url}/login`);
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.backend.contacts.clear();
  frontend.backend.refuses = undefined;
});

const open = (path: string): Promise<Page> => browser.open(`${frontend.url}${path}`);
const names = (page: Page): string[] =>
  page.document.querySelectorAll('tbody th').map((cell) => cell.textContent.trim());
const all = { name: 'Ada', email: 'ada@example.com', phone: '+44 1', company: 'Engines', notes: 'First\nSecond' };

describe('the contacts', () => {
  it('show a message and a button to add one when there are none', async () => {
    const page = await open('/contacts');
    expect(page.text).toContain('No contacts yet');
    expect((await page.click('Add a contact')).url.pathname).toBe('/contacts/new');
  });

  it('are added, shown, changed and deleted, with a notice after each redirect', async () => {
    const added = await (await open('/contacts/new')).submit('#save', all);
    expect([added.status, added.text]).toEqual([200, expect.stringContaining('The contact was added')]);
    expect(added.hops.map(({ status }) => status)).toEqual([303, 200]);
    for (const value of ['Ada', 'ada@example.com', '+44 1', 'Engines', 'First']) expect(added.text).toContain(value);

    const changed = await (await added.click('Edit')).submit('#save', { company: 'Analytical Engines' });
    expect(changed.text).toContain('Your changes were saved');
    expect([...frontend.backend.contacts.values()]).toMatchObject([{ ...all, company: 'Analytical Engines' }]);

    const deleted = await (await changed.click('Delete')).submit('#delete');
    expect([deleted.url.pathname, deleted.text]).toEqual([
      '/contacts',
      expect.stringContaining('The contact was deleted'),
    ]);
    expect(frontend.backend.contacts.size).toBe(0);
  });

  it('can be searched', async () => {
    frontend.backend.add({ name: 'Ada' });
    frontend.backend.add({ name: 'Grace & Co' });
    const found = await (await open('/contacts')).submit('[role=search]', { search: 'Grace &' });
    expect(found.url.search).toBe('?search=Grace+%26');
    expect(names(found)).toEqual(['Grace & Co']);
    expect(found.form('[role=search]').value('search')).toBe('Grace &');
    const nothing = await found.submit('[role=search]', { search: 'Zoë <b>' });
    expect(nothing.text).toContain('Nothing found');
    expect(names(await nothing.click('Show all contacts'))).toHaveLength(2);
  });

  it('are shown in pages, which keep the search', async () => {
    for (let index = 1; index <= 45; index++) frontend.backend.add({ name: `Contact ${index}` });
    const first = await open('/contacts?search=Contact');
    expect(names(first)[0]).toBe('Contact 45');
    expect(first.text).not.toContain('First page');
    const third = await (await first.click('Next page')).click('Next page');
    expect(names(third)).toEqual(['Contact 5', 'Contact 4', 'Contact 3', 'Contact 2', 'Contact 1']);
    expect(third.text).not.toContain('Next page');
    const back = await third.click('First page');
    expect([back.url.search, names(back)[0]]).toEqual(['?search=Contact', 'Contact 45']);
  });

  it('show input as text, never as markup', async () => {
    const page = await (
      await open('/contacts/new')
    ).submit('#save', { name: '<script>alert(1)</script>', notes: '</textarea>"' });
    expect(page.has('script')).toBe(false);
    expect(page.document.querySelector('h1')?.textContent).toBe('<script>alert(1)</script>');
    expect((await page.click('Edit')).form('#save').value('notes')).toBe('</textarea>"');
  });

  it('that do not exist or belong to another user are a 404 page with a next step', async () => {
    for (const path of [
      '/contacts/b5ae6d9c-7a0e-4d0b-8d5d-0c8a7d1f6d11',
      '/contacts/x/edit',
      '/contacts/%2e%2e%2fprofile',
    ]) {
      const page = await open(path);
      expect([path, page.status]).toEqual([path, 404]);
      expect(page.text).toContain('Alice Example');
      expect(page.link('Start page').pathname).toBe('/');
    }
  });

  it('are never stored by a cache', async () => {
    for (const path of ['/contacts', '/contacts/new', '/profile', '/', '/nothing-here']) {
      expect([path, (await open(path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
  });
});

describe('the form of a contact', () => {
  it('shows the backend’s errors beside the inputs, and keeps the entered text', async () => {
    const page = await (await open('/contacts/new')).submit('#save', { name: ' ', email: 'nobody', notes: 'Kept' });
    expect(page.status).toBe(400);
    expect(page.document.querySelector('#field-name-error')?.textContent).toBe('Must not be empty.');
    expect(page.document.querySelector('#field-email-error')?.textContent).toBe('Must be an e-mail address.');
    expect(page.document.querySelector('#field-email')?.getAttribute('aria-describedby')).toBe('field-email-error');
    expect([page.form('#save').value('email'), page.form('#save').value('notes')]).toEqual(['nobody', 'Kept']);
    const saved = await page.submit('#save', { name: 'Ada', email: '' });
    expect(saved.text).toContain('The contact was added');
  });

  it('adds one contact when it is submitted twice, at the same time or later', async () => {
    const page = await open('/contacts/new');
    const twice = await Promise.all([page.submit('#save', all), page.submit('#save', all)]);
    const later = await page.submit('#save', all);
    expect(new Set([...twice, later].map(({ url }) => url.pathname)).size).toBe(1);
    expect(frontend.backend.contacts.size).toBe(1);
  });

  it('adds another contact when it is opened again', async () => {
    for (let time = 0; time < 2; time++) await (await open('/contacts/new')).submit('#save', all);
    expect(frontend.backend.contacts.size).toBe(2);
  });

  it('waits for an earlier submission that is still being processed', async () => {
    const page = await open('/contacts/new');
    frontend.backend.refuses = [409, {}];
    const saving = page.submit('#save', all);
    while (frontend.backend.count('POST /v1/contacts') === 0) await new Promise((resolve) => setImmediate(resolve));
    frontend.backend.refuses = undefined;
    expect((await saving).text).toContain('The contact was added');
  });

  it('explains that it was saved before with other text, and asks before it adds a second contact', async () => {
    const page = await open('/contacts/new');
    frontend.backend.refuses = [422, {}];
    const asked = await page.submit('#save', all);
    frontend.backend.refuses = undefined;
    expect(asked.status).toBe(409);
    expect(asked.text).toContain('This form was saved before');
    expect((await asked.submit('#save')).text).toContain('The contact was added');
  });

  it('keeps the text and the idempotency key when the backend is down, so that saving again adds one contact', async () => {
    const page = await open('/contacts/new');
    await frontend.backend.stop();
    const kept = await page.submit('#save', all);
    await frontend.backend.start();
    expect([kept.status, kept.headers.get('retry-after')]).toEqual([503, '5']);
    expect(kept.text).toContain('Your text is still here');
    for (const name of ['name', 'notes', 'idempotency_key']) {
      expect(kept.form('#save').value(name)).toBe(
        { ...all, idempotency_key: page.form('#save').value('idempotency_key') }[name],
      );
    }
    expect((await kept.submit('#save')).text).toContain('The contact was added');
  });

  describe.each([
    ['/contacts/new', 'The contact was added'],
    ['/contacts/:id/edit', 'Your changes were saved'],
  ])('at %s keeps the text', (path, saved) => {
    const form = () => open(path.replace(':id', frontend.backend.add({ name: 'Before' }).id));

    it.each<[string, Answer, number, string | null]>([
      ['is still processing the same form', [409, {}], 409, '5'],
      ['answers that there are too many requests', [429, {}, { 'Retry-After': '17' }], 429, '17'],
      ['answers something unexpected', [418, {}], 502, null],
      ['answers something that is no contact', [200, { name: 1 }], 502, null],
      ['lacks something it needs', [503, {}, { 'Retry-After': '23' }], 503, '23'],
      ['fails', [500, {}], 503, '5'],
    ])('while the backend %s, and saves it afterwards', async (_, answer, status, retryAfter) => {
      const page = await form();
      frontend.backend.refuses = answer;
      const kept = await page.submit('#save', all);
      frontend.backend.refuses = undefined;
      expect([kept.status, kept.headers.get('retry-after')]).toEqual([status, retryAfter]);
      expect(kept.text).toContain('Your text is still here');
      expect(kept.text).not.toContain('418');
      for (const field of Object.keys(all) as (keyof typeof all)[]) {
        expect(kept.form('#save').value(field)).toBe(all[field]);
      }
      for (const hidden of ['idempotency_key', 'etag']) {
        expect(kept.form('#save').value(hidden)).toBe(page.form('#save').value(hidden));
      }
      expect((await kept.submit('#save')).text).toContain(saved);
    });

    it('while the provider answers that there are too many requests, with its Retry-After', async () => {
      const page = await form();
      frontend.issuer.revokeAccessTokens();
      frontend.issuer.tokenAnswer = () => [429, { error: 'slow_down' }, { 'Retry-After': '19' }];
      const kept = await page.submit('#save', all);
      frontend.issuer.tokenAnswer = undefined;
      expect([kept.status, kept.headers.get('retry-after')]).toEqual([503, '19']);
      expect(kept.form('#save').value('notes')).toBe(all.notes);
      expect((await kept.submit('#save')).text).toContain(saved);
    });

    it('while the database of the frontend cannot be reached', async () => {
      const page = await form();
      const kept = await frontend.withoutDatabase(() => page.submit('#save', all));
      expect([kept.status, kept.headers.get('retry-after')]).toEqual([503, '5']);
      expect(kept.form('#save').value('notes')).toBe(all.notes);
      expect((await kept.submit('#save')).text).toContain(saved);
    });
  });

  it('explains what to do when the user did not allow it at the sign-in, and keeps the text', async () => {
    const page = await open('/contacts/new');
    frontend.backend.refuses = [403, {}, { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }];
    const refused = await page.submit('#save', all);
    frontend.backend.refuses = undefined;
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('you did not allow this application');
    const offered = await refused.click('Sign in again');
    expect(offered.form('#save').value('name')).toBe('Ada');
  });
});

describe('an edit of a contact that was changed in the meantime', () => {
  const theirs = { company: 'Theirs Ltd' };

  it('shows a 412 page with both versions, and saving again replaces the other version', async () => {
    const { id } = frontend.backend.add(all);
    const page = await open(`/contacts/${id}/edit`);
    frontend.backend.change(id, theirs);
    const conflict = await page.submit('#save', { company: 'Mine Ltd' });
    expect(conflict.status).toBe(412);
    expect(conflict.text).toContain('Somebody changed this contact while you were editing it');
    expect(conflict.form('#save').value('company')).toBe('Mine Ltd');
    expect(conflict.document.querySelectorAll('.hint').map((hint) => hint.textContent)).toEqual([
      'It is “Theirs Ltd” now.',
    ]);
    expect(conflict.document.querySelector('#current')?.textContent).toContain('Theirs Ltd');
    expect(frontend.backend.contacts.get(id)?.company).toBe('Theirs Ltd');
    expect((await conflict.submit('#save')).text).toContain('Your changes were saved');
    expect(frontend.backend.contacts.get(id)?.company).toBe('Mine Ltd');
  });

  it('can be given up to keep the other version', async () => {
    const { id } = frontend.backend.add(all);
    const page = await open(`/contacts/${id}/edit`);
    frontend.backend.change(id, theirs);
    const shown = await (await page.submit('#save', { company: 'Mine Ltd' })).click('Keep the other version');
    expect(shown.text).toContain('Theirs Ltd');
  });

  it.each(['', '"1"\r\nX: y', 'W', '1'])(
    'is assumed when the form’s version is %j, which is not an ETag',
    async (etag) => {
      const { id } = frontend.backend.add(all);
      const page = await open(`/contacts/${id}/edit`);
      expect((await page.submit('#save', { etag })).status).toBe(412);
    },
  );

  it('offers the text as a new contact when the contact was deleted', async () => {
    const { id } = frontend.backend.add(all);
    const page = await open(`/contacts/${id}/edit`);
    frontend.backend.contacts.clear();
    const gone = await page.submit('#save', { company: 'Mine Ltd' });
    expect(gone.status).toBe(404);
    expect(gone.text).toContain('deleted while you were editing it');
    expect((await gone.submit('#save')).text).toContain('The contact was added');
    expect([...frontend.backend.contacts.values()]).toMatchObject([{ company: 'Mine Ltd' }]);
  });

  it('succeeds as a deletion when the contact was deleted already', async () => {
    const { id } = frontend.backend.add(all);
    const page = await open(`/contacts/${id}/delete`);
    frontend.backend.contacts.clear();
    expect((await page.submit('#delete')).text).toContain('The contact was deleted');
  });
});
