import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAppRegistry } from './app-registry.js';
import { databaseName, keyVariable, portVariable } from './names.js';

const provider = { kind: 'provider', purpose: 'the issuer', port: 3001, hostLabel: 'auth', keys: ['grant-key'] };
const invoices = { kind: 'resource-server', purpose: 'the API of invoices', port: 3003 };
const portal = { kind: 'web', purpose: 'the portal', port: 3004, uses: ['invoices'] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trefoil-registry-'));
  writeFileSync(join(root, 'package.json'), '{ "name": "acme" }');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, content: object | string): void {
  mkdirSync(join(root, 'apps', name), { recursive: true });
  writeFileSync(join(root, 'apps', name, 'app.json'), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('readAppRegistry', () => {
  it('lists the provider, the resource servers and the web apps, with defaults for what their files leave out', () => {
    write('a-portal', portal);
    write('invoices', invoices);
    write('provider', provider);
    mkdirSync(join(root, 'apps', 'not-an-app'));
    const registry = readAppRegistry(root);
    expect(registry.product).toBe('acme');
    expect(registry.provider.name).toBe('provider');
    expect(registry.apps.map(({ name }) => name)).toEqual(['provider', 'invoices', 'a-portal']);
    expect(registry.apps.map(({ mtlsPort }) => mtlsPort)).toEqual([3401, 3403, undefined]);
    expect(registry.apps[1]).toEqual({
      ...invoices,
      name: 'invoices',
      hostLabel: 'invoices',
      mtlsPort: 3403,
      database: true,
      keys: [],
      clientCertificate: false,
      uses: [],
    });
  });

  it.each([
    ['{', 'apps/invoices/app.json is not JSON'],
    [{ ...invoices, kind: 'api' }, 'apps/invoices/app.json: `kind` must be one of provider, resource-server, web'],
    [{ ...invoices, port: 80 }, 'apps/invoices/app.json: `port` must be at least 1024'],
    [{ ...invoices, purpose: ' ' }, 'apps/invoices/app.json: `purpose` must not be empty'],
    [{ ...invoices, keys: ['Grant Key'] }, 'apps/invoices/app.json: `keys.0` must consist of lowercase letters'],
    [{ ...invoices, prot: 3003 }, 'apps/invoices/app.json: Unrecognized key: "prot"'],
    [{ ...invoices, port: 65_200 }, 'apps/invoices/app.json: `port` must be at most 65135'],
    [
      { ...invoices, port: 3401 },
      'apps/invoices/app.json: `port` is 3401, which collides with the port for client certificates',
    ],
    [
      { ...invoices, port: 2601 },
      'apps/invoices/app.json: `port` is 2601, which collides with the port for client certificates',
    ],
    [{ ...invoices, port: 3001 }, 'apps/invoices/app.json: `port` is 3001, as in apps/provider/app.json'],
    [{ ...invoices, hostLabel: 'auth' }, 'apps/invoices/app.json: `hostLabel` is auth, as in apps/provider/app.json'],
    [{ ...invoices, kind: 'provider' }, 'apps/provider/app.json: `kind` is provider, as in apps/invoices/app.json'],
    [{ ...invoices, uses: ['provider'] }, 'apps/invoices/app.json: `uses` names "provider", which is no resource'],
  ])('refuses %j, and names the file and the field', (content, message) => {
    write('provider', provider);
    write('invoices', content);
    expect(() => readAppRegistry(root)).toThrow(message);
  });

  it('refuses a workspace without a provider', () => {
    write('invoices', invoices);
    expect(() => readAppRegistry(root)).toThrow('No app is the provider');
  });
});

it('derives the names of databases and variables', () => {
  expect(databaseName('acme', 'invoices-portal')).toBe('acme_invoices_portal');
  expect(portVariable('invoices-portal')).toBe('INVOICES_PORTAL_PORT');
  expect(keyVariable('grant-key')).toBe('GRANT_KEY');
});
