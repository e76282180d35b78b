import { testDatabase } from '@trefoil/testing';
import { IsNull } from 'typeorm';
import { Disablements } from '../issued-tokens/disablements.js';
import { ADMINISTRATOR } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { UserAdministration } from './administration/user-administration.js';
import { UserRemoval } from './administration/user-removal.js';
import { User } from './user.entity.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const WAYS: [string, (id: string) => Promise<unknown>][] = [
  ['deleted', (id) => provider.app.get(UserRemoval).remove(id, {})],
  ['disabled', (id) => provider.app.get(Disablements).disableUser(id, {})],
  ['made a user like any other', (id) => provider.app.get(UserAdministration).update(id, { administrator: false }, {})],
];

const enabledAdministrators = () =>
  provider.dataSource.manager.findBy(User, { administrator: true, disabledAt: IsNull() });

/** Makes an administrator besides that of the demo. */
async function givenAdministrator(): Promise<string> {
  const input = { email: `${Date.now()}-${Math.random()}@example.com`, administrator: true };
  return (await provider.app.get(UserAdministration).create(input, {})).user.id;
}

describe('the only enabled administrator', () => {
  it.each(WAYS)('cannot be %s', async (_, change) => {
    const disabled = await givenAdministrator();
    await provider.app.get(Disablements).disableUser(disabled, {});
    await expect(change(ADMINISTRATOR)).rejects.toMatchObject({ reason: 'conflict', status: 409 });
    expect(await enabledAdministrators()).toMatchObject([{ id: ADMINISTRATOR }]);
  });

  it.each(WAYS)('allows that another administrator is %s', async (_, change) => {
    await change(await givenAdministrator());
    expect(await enabledAdministrators()).toMatchObject([{ id: ADMINISTRATOR }]);
  });
});

describe('one administrator remains', () => {
  it.each(WAYS.flatMap(([first, change]) => WAYS.map(([second, other]) => ({ first, change, second, other }))))(
    'when one is $first and another is $second at the same time',
    async ({ change, other }) => {
      for (const _ of [1, 2, 3]) {
        const [{ id: present }] = (await enabledAdministrators()) as [User];
        const added = await givenAdministrator();
        const results = await Promise.allSettled([change(present), other(added)]);
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(await enabledAdministrators()).toHaveLength(1);
      }
    },
  );
});
