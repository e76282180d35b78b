import { testDatabase } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ClientAdministration } from '../clients/administration/client-administration.js';
import { RegistrationTokens } from '../clients/registration/registration-tokens.js';
import { KeyRotation } from '../keys/key-rotation.js';
import { openAs } from '../testing/administrator-pages.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';

const GUIDE = readFileSync(new URL('../../../../docs/administration.md', import.meta.url), 'utf8');
const ALICE = 'a11ce000-0000-4000-8000-000000000001';

const rows = [...GUIDE.matchAll(/^\| [^|]+ \| `[^|]+ \| (?:`([^|]+)`)? ?\| `([^|]+)` \|$/gm)].map(
  ([, page, operation]) => ({ page, operation }),
);

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

describe('the page of the documentation about the administration', () => {
  it('has a row for every task', () => {
    expect(rows.length).toBeGreaterThan(30);
  });

  it('names only pages that exist', async () => {
    const [key] = await provider.app.get(KeyRotation).list();
    const { row } = await provider.app.get(RegistrationTokens).create({}, {});
    const ids: Record<string, string> = {
      ...{ users: ALICE, user: ALICE, clients: 'frontend', client: 'frontend' },
      ...{ 'resource-servers': `${provider.url}/api`, 'registration-tokens': row.id, 'signing-keys': key?.kid ?? '' },
    };
    for (const page of new Set(rows.flatMap((each) => each.page ?? []))) {
      const [, section = ''] = /^\/admin\/([^/?]+)/.exec(page) ?? [];
      const { status } = await openAs(provider, page.replace('…', encodeURIComponent(ids[section] ?? '')));
      expect([page, status]).toEqual([page, 200]);
    }
  });

  it('names every operation of the admin API, and only operations that exist', async () => {
    const answer = await fetch(`${provider.url}/docs-json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const offered = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const named = rows.map(({ operation = '' }) => operation);
    expect(named.filter((operation) => !offered.includes(operation))).toEqual([]);
    const readsOne = /^GET .*\/\{\w+\}$/;
    const ofAdministrators = offered.filter((each) => each.includes(' /api/admin/') && !readsOne.test(each));
    expect(ofAdministrators.filter((operation) => !named.includes(operation))).toEqual([]);
  });

  it('has examples that do what they say', async () => {
    const members = { grant_types: ['client_credentials'], scope: 'admin:read admin:write' };
    const { secret = '' } = await provider.app
      .get(ClientAdministration)
      .create({ client_id: 'terraform', ...members }, {});
    const [, script = ''] = /### Examples\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(GUIDE) ?? [];
    const commands = script.replace('http://localhost:3001', provider.url);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], {
      env: { ...process.env, CLIENT_SECRET: secret },
    });
    const answers = stdout.split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(answers).toEqual([
      expect.objectContaining({ identifier: 'https://calendar.example' }),
      expect.objectContaining({ client_id: 'calendar-app', client_secret: expect.any(String) }),
      expect.objectContaining({ email: 'carol@example.com', password: expect.any(String) }),
      expect.objectContaining({ client_name: 'Team calendar' }),
      expect.objectContaining({ client_secret: expect.any(String), overlap_seconds: 3600 }),
      expect.objectContaining({ disabled_at: expect.any(String) }),
      expect.objectContaining({
        items: expect.arrayContaining([expect.objectContaining({ name: 'Carol Carpenter' })]),
      }),
    ]);
  });
});
