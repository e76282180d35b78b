import { Browser, type Page, testDatabase } from '@trefoil/testing';
import { KeyRotation } from '../../keys/key-rotation.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { ALL_REFUSED, openAs, wrongSubmissions } from '../../testing/administrator-pages.js';
import { ADMINISTRATOR } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

let provider: ProviderUnderTest;
let admin: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => {
  admin = new Browser();
});

const open = (path: string): Promise<Page> => openAs(provider, path, 'admin', admin);
const keys = () => provider.app.get(KeyRotation).list();
const signing = async (algorithm: string) =>
  (await keys()).find((key) => key.algorithm === algorithm && key.state === 'signing')?.kid ?? '';

describe('the pages for signing keys', () => {
  it('accept a form only from an administrator, with its token', async () => {
    for (const action of ['rotate', `retire?id=${await signing('ES256')}`]) {
      expect(await wrongSubmissions(provider, `/admin/signing-keys/${action}`)).toEqual(ALL_REFUSED);
    }
  });

  it('are for administrators only', async () => {
    expect((await openAs(provider, '/admin/signing-keys', 'alice')).status).toBe(403);
  });

  it('list the keys with their states', async () => {
    const { text } = await open('/admin/signing-keys');
    for (const { kid } of await keys()) expect(text).toContain(kid);
    expect(text).toContain('EdDSA signs');
  });

  it('replace the keys of one algorithm, and record the administrator', async () => {
    const before = await keys();
    const page = await (await open('/admin/signing-keys/rotate')).submit('#confirm', { alg: 'RS256' });
    expect(page.text).toContain('The new keys are published');
    const added = (await keys()).filter(({ kid }) => !before.some((old) => old.kid === kid));
    expect(added.map(({ algorithm, state }) => [algorithm, state])).toEqual([['RS256', 'waiting']]);
    const event = { type: 'signing-key-created', actor: ADMINISTRATOR } as const;
    expect(await provider.dataSource.manager.countBy(SecurityEvent, event)).toBe(1);
  });

  it('retire a key that no longer signs, after a confirmation that says what ends', async () => {
    const kid = await signing('ES256');
    await provider.app.get(KeyRotation).rotate('ES256');
    await provider.dataSource.query(
      `UPDATE signing_keys SET signs_from = least(signs_from, now() - interval '1 second'),
         signs_until = least(signs_until, now() - interval '1 second') WHERE algorithm = 'ES256'`,
    );
    const asked = await open(`/admin/signing-keys/retire?id=${kid}`);
    expect(asked.text).toContain('Everything that this key signed becomes invalid');
    expect((await asked.submit('#confirm')).text).toContain('The key is retired');
    expect((await keys()).map((key) => key.kid)).not.toContain(kid);
  });

  it('do not retire a key that signs, and say why', async () => {
    const kid = await signing('EdDSA');
    const page = await (await open(`/admin/signing-keys/retire?id=${kid}`)).submit('#confirm');
    expect([page.status, page.text]).toEqual([409, expect.stringContaining('still signs')]);
  });

  it('say that a key does not exist', async () => {
    expect((await open('/admin/signing-keys/retire?id=lost')).status).toBe(404);
  });
});
