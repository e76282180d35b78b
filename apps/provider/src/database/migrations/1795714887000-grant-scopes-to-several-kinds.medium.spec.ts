import { accountScopes } from '@trefoil/dto';
import { testDatabase } from '@trefoil/testing';
import { DataSource } from 'typeorm';
import { providerDataSource } from '../data-source.js';
import { GrantScopesToSeveralKinds1795714887000 as Migration } from './1795714887000-grant-scopes-to-several-kinds.js';

const scope = (name: string, grantedTo: unknown) => ({ name, description: 'do it', grantedTo });

it('this migration makes a list of the kind of each scope, and adds the admin scopes to the account API', async () => {
  const dataSource = await new DataSource(providerDataSource(await testDatabase())).initialize();
  await dataSource.runMigrations();
  const insert = (identifier: string, scopes: object[]) =>
    dataSource.query(
      `INSERT INTO resource_servers (identifier, name, access_token_lifetime, scopes) VALUES ($1, $1, 600, $2)`,
      [identifier, JSON.stringify(scopes)],
    );
  const read = async () =>
    Object.fromEntries(
      (await dataSource.query<{ identifier: string; scopes: unknown[] }[]>('SELECT * FROM resource_servers')).map(
        ({ identifier, scopes }) => [identifier, scopes],
      ),
    );
  await insert('notes', [scope('b', 'users'), scope('a', 'machines')]);
  await insert('none', []);
  await insert('account', [scope('account:read', 'users'), scope('directory:read', 'machines')]);

  const migrate = (direction: 'up' | 'down') => new Migration()[direction](dataSource.createQueryRunner());
  await migrate('up');
  const migrated = {
    notes: [scope('b', ['users']), scope('a', ['machines'])],
    none: [],
    account: [
      scope('account:read', ['users']),
      scope('directory:read', ['machines']),
      accountScopes.readInstallation,
      accountScopes.changeInstallation,
    ],
  };
  expect(await read()).toEqual(migrated);
  await migrate('up');
  expect(await read()).toEqual(migrated);
  await migrate('down');
  expect(await read()).toMatchObject({ notes: [scope('b', 'users'), scope('a', 'machines')], none: [] });
  await dataSource.destroy();
});
