import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { ALL_REFUSED, openAs, refusalOf, wrongSubmissions } from '../../testing/administrator-pages.js';
import { ADMINISTRATOR, givenAccountTokens, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { UserAdministration } from '../../users/administration/user-administration.js';
import { User } from '../../users/user.entity.js';
import { Users } from '../../users/users.js';

const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const PASSWORD = 'a password of many letters';

let provider: ProviderUnderTest;
let admin: Browser;
let count = 0;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => {
  admin = new Browser();
});

const open = (path: string): Promise<Page> => openAs(provider, path, 'admin', admin);
const eventsOf = async (userId: string) =>
  (await provider.dataSource.manager.find(SecurityEvent, { where: { userId }, order: { id: 'ASC' } })).map(
    ({ type, actor }) => `${type} ${actor === ADMINISTRATOR}`,
  );
const find = (id: string) => provider.dataSource.manager.findOneByOrFail(User, { id });

async function givenUser(members: { administrator?: boolean } = {}): Promise<User> {
  count += 1;
  const input = { email: `user${count}@example.com`, name: `User ${count}`, password: PASSWORD, ...members };
  return (await provider.app.get(UserAdministration).create(input, {})).user;
}

describe('the pages for users', () => {
  it.each([
    '/admin/users/new',
    ...['edit', 'password', 'disable', 'enable', 'delete', 'make-administrator', 'unmake-administrator'].map(
      (action) => `/admin/users/${action}?id=${ALICE}`,
    ),
  ])('accept a form only from an administrator, with its token: %s', async (path) => {
    expect(await wrongSubmissions(provider, path)).toEqual(ALL_REFUSED);
  });

  it('are for administrators only', async () => {
    expect((await openAs(provider, '/admin/users', 'alice')).status).toBe(403);
  });

  it('say that a user or an action does not exist', async () => {
    expect((await open(`/admin/users/edit?id=${ALICE.replace('a11ce', 'fffff')}`)).status).toBe(404);
    expect((await open(`/admin/users/ban?id=${ALICE}`)).status).toBe(404);
  });
});

describe('the list of users', () => {
  it('shows pages in the order of the e-mail addresses, and can be searched by e-mail address and name', async () => {
    await provider.dataSource.query(
      `INSERT INTO users (id, email, email_verified, password_hash, claims, administrator)
       SELECT gen_random_uuid(), 'many' || n || '@example.com', true, '', '{"name": "One of Many%"}', false
       FROM generate_series(10, 34) n`,
    );
    const found = await (await open('/admin/users')).submit('#search', { search: 'OF MANY%' });
    expect(found.document.querySelectorAll('tbody tr')).toHaveLength(20);
    const next = await found.click('Next page');
    expect(next.document.querySelectorAll('tbody tr')).toHaveLength(5);
    expect(next.form('#search').value('search')).toBe('OF MANY%');
    expect((await next.submit('#search', { search: 'alice@' })).text).toContain('alice@example.com');
    expect((await next.submit('#search', { search: 'nobody' })).text).toContain('Nothing contains “nobody”');
  });
});

describe('the form of a new user', () => {
  it('adds a user with the typed password, which is not shown', async () => {
    const page = await (
      await open('/admin/users/new')
    ).submit('#save', { email: 'Erin@Example.com', name: 'Erin', password: PASSWORD, administrator: true });
    expect([page.url.pathname, page.text]).toEqual([
      '/admin/users/edit',
      expect.stringContaining('The user was added'),
    ]);
    expect(page.body).not.toContain(PASSWORD);
    const user = await provider.app.get(Users).authenticate('erin@example.com', PASSWORD);
    expect(user).toMatchObject({ claims: { name: 'Erin' }, administrator: true });
    expect(await eventsOf(user?.id ?? '')).toEqual(['user-created true']);
  });

  it('shows a generated password once, in no URL and in no cache, and a reload does not repeat it', async () => {
    const form = await open('/admin/users/new');
    const values = { email: 'frank@example.com', name: 'Frank' };
    const page = await form.submit('#save', values);
    const password = page.document.querySelector('#secret')?.textContent ?? '';
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await provider.app.get(Users).authenticate('frank@example.com', password)).toBeDefined();
    expect(JSON.stringify(admin.transcript.map(({ request: { url } }) => url))).not.toContain(password);
    const again = await form.submit('#save', values);
    expect([again.status, again.title]).toEqual([409, expect.stringContaining('This form was sent before')]);
  });

  it.each([
    [{ email: 'not an address' }, 400, { email: 'E-mail address must be an e-mail address.' }],
    [{ email: 'alice@example.com' }, 409, { email: 'A user alice@example.com already exists.' }],
    [{ password: 'short' }, 400, { password: 'Password must be one line of 15 to 200 characters.' }],
    [{ name: 'x'.repeat(300) }, 400, { name: 'Name must have at most 200 characters.' }],
  ])('names the field with an error, and keeps the entered text: %j', async (wrong, status, errors) => {
    const values = { email: 'gina@example.com', name: 'Gina', administrator: true, ...wrong };
    const page = await (await open('/admin/users/new')).submit('#save', values);
    expect(refusalOf(page)).toEqual({ status, errors });
    expect(page.text).toContain('Nothing was changed');
    const { email, name, administrator, password } = Object.fromEntries(page.form('#save').values);
    expect({ email, name, administrator, password }).toEqual({
      ...{ email: values.email, name: values.name, administrator: 'yes', password: '' },
    });
    const corrected = { email: `corrected${count++}@example.com`, name: 'Gina' };
    expect((await page.submit('#save', corrected)).status).toBe(200);
  });
});

describe('the page of a user', () => {
  it('changes the e-mail address and the name', async () => {
    const { id } = await givenUser();
    const values = { email: `changed${count}@example.com`, name: 'Changed' };
    const page = await (await open(`/admin/users/edit?id=${id}`)).submit('#save', values);
    expect(page.text).toContain('The changes were saved');
    expect(await find(id)).toMatchObject({ email: values.email, claims: { name: 'Changed' } });
  });

  it('keeps what was entered beside the error', async () => {
    const { id } = await givenUser();
    const values = { email: 'alice@example.com', name: 'Kept' };
    const page = await (await open(`/admin/users/edit?id=${id}`)).submit('#save', values);
    expect(refusalOf(page)).toEqual({ status: 409, errors: { email: 'A user alice@example.com already exists.' } });
    expect(page.form('#save').value('name')).toBe('Kept');
  });

  it('says that somebody else changed the user meanwhile, and saves when it is sent again', async () => {
    const { id } = await givenUser();
    const page = await open(`/admin/users/edit?id=${id}`);
    await provider.app.get(UserAdministration).update(id, { name: 'Of somebody else' }, {});
    const refused = await page.submit('#save', { name: 'Mine' });
    expect([refused.status, refused.text]).toEqual([412, expect.stringContaining('Somebody else changed this')]);
    await refused.submit('#save');
    expect((await find(id)).claims.name).toBe('Mine');
  });

  it('sets a password, generated or typed, and says first what ends', async () => {
    const user = await givenUser();
    const { accessToken } = await givenAccountTokens(provider, undefined, { userId: user.id });
    const form = await open(`/admin/users/password?id=${user.id}`);
    expect(form.text).toContain('Every session of the user ends');
    const page = await form.submit('#confirm');
    const password = page.document.querySelector('#secret')?.textContent ?? '';
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await provider.app.get(Users).authenticate(user.email, password)).toBeDefined();
    expect((await request(provider, '/api/account', { token: accessToken })).status).toBe(401);

    const again = await open(`/admin/users/password?id=${user.id}`);
    expect(refusalOf(await again.submit('#confirm', { password: 'short' }))).toEqual({
      status: 400,
      errors: { password: 'Password must be one line of 15 to 200 characters.' },
    });
    const typed = await (await open(`/admin/users/password?id=${user.id}`)).submit('#confirm', { password: PASSWORD });
    expect(typed.text).toContain('The password was set');
    expect(await provider.app.get(Users).authenticate(user.email, PASSWORD)).toBeDefined();
  });

  it('disables, enables, makes an administrator and deletes, each after a confirmation', async () => {
    const { id, email } = await givenUser();
    const confirm = async (link: string) => {
      const asked = await (await open(`/admin/users/edit?id=${id}`)).click(link);
      return asked.submit('#confirm');
    };
    expect((await confirm('Disable')).text).toContain('The user is disabled');
    expect((await find(id)).disabledAt).not.toBeNull();
    expect((await confirm('Enable')).text).toContain('The user is enabled');
    expect((await confirm('Make an administrator')).text).toContain('is an administrator now');
    expect((await find(id)).administrator).toBe(true);
    expect((await confirm('Remove as administrator')).text).toContain('no longer an administrator');
    const deleted = await confirm('Delete');
    expect([deleted.url.pathname, deleted.text]).toEqual([
      '/admin/users',
      expect.stringContaining('The user was deleted'),
    ]);
    expect(deleted.text).not.toContain(email);
    expect(await eventsOf(id)).toEqual([
      'user-created false',
      'user-disabled true',
      'user-enabled true',
      'administrator-added true',
      'administrator-removed true',
      'user-deleted true',
    ]);
  });
});

describe('the last administrator', () => {
  it.each(['disable', 'unmake-administrator', 'delete'])(
    'cannot be removed, and the page says so: %s',
    async (action) => {
      await provider.dataSource.query('UPDATE users SET administrator = false WHERE id <> $1', [ADMINISTRATOR]);
      const page = await (await open(`/admin/users/${action}?id=${ADMINISTRATOR}`)).submit('#confirm');
      expect([page.status, page.text]).toEqual([
        409,
        expect.stringContaining('This is the only enabled administrator. Make another user an administrator first.'),
      ]);
      expect(await find(ADMINISTRATOR)).toMatchObject({ administrator: true, disabledAt: null });
    },
  );
});
