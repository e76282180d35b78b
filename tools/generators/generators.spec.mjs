// @ts-check
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { fileURLToPath } from 'node:url';
import { parseNew, parseRemove } from './command-line.mjs';
import { insertBlock, insertInto, read } from './edits.mjs';
import { formatChanges } from './formatting.mjs';
import { kinds } from './kinds.mjs';
import { entityOf, nameOf } from './names.mjs';
import { checkName } from './refusal.mjs';
import { renamed } from './rename.mjs';
import { openTree } from './workspace-changes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Generates into a view of this workspace. @param {import('@nx/devkit').Tree} tree @param {string[]} args */
function generate(tree, ...args) {
  const { generator, request } = parseNew(args);
  generator.check(tree, request);
  generator.write(tree, request);
  for (const { make } of generator.edits(tree, request)) make(tree);
  return { generator, request };
}

describe('names', () => {
  it.each([
    ['invoices', 'invoice', 'invoices'],
    ['time-entries', 'time-entry', 'time-entries'],
    ['calendar', 'calendar', 'calendars'],
    ['addresses', 'address', 'addresses'],
    ['status', 'status', 'statuses'],
    ['inventory', 'inventory', 'inventories'],
    ['boxes', 'box', 'boxes'],
  ])('%s stores one %s or several %s', (name, singular, plural) => {
    const entity = entityOf(name);
    expect([entity.singular.kebab, entity.plural.kebab]).toEqual([singular, plural]);
  });

  it('have the forms that code and text need', () => {
    expect(nameOf('time-entry')).toMatchObject({ pascal: 'TimeEntry', camel: 'timeEntry', snake: 'time_entry' });
    expect(nameOf('invoice').withArticle).toBe('an invoice');
  });

  it.each(['Invoices', 'in voices', '1st', 'a--b', '-a', 'a-', '../etc', 'émigrés', '', 'x'.repeat(31), '__proto__'])(
    '"%s" is not an identifier in kebab-case, and is refused',
    (name) => expect(() => checkName(name)).toThrow('is not a name in kebab-case'),
  );

  it.each(['class', 'string', 'await', 'process'])('%s is a word of TypeScript, and is refused', (name) => {
    expect(() => checkName(name)).toThrow('is a word of TypeScript');
  });

  it.each(['npm', 'nx', 'provider', 'token', 'authorize', 'api-docs', 'marketing-sync', 'http', 'utils', 'postgres'])(
    '%s has a meaning already, and is refused',
    (name) => expect(() => checkName(name)).toThrow('is reserved'),
  );
});

describe('npm run new', () => {
  it.each([
    [[], 'Name the kind of part'],
    [['queue', 'mail'], '"queue" is not a kind of part'],
    [['toString', 'mail'], '"toString" is not a kind of part'],
    [['resource-server'], 'resource-server needs one name'],
    [['resource-server', 'a', 'b'], 'resource-server needs one name'],
    [['page', 'reports'], 'page needs an app and a name'],
    [['resource-server', 'invoices', '--uses', 'backend'], 'has no option --uses'],
    [['resource-server', 'invoices', '--prot', '1'], "Unknown option '--prot'"],
    [['resource-server', 'backend'], '"backend" is taken: there is apps/backend'],
    [['resource-server', 'contacts'], '"contacts" is taken: there is libs/dto/src/contact.ts'],
    [['resource-server', 'guards'], '"guards" is taken: there is libs/guards'],
    [['machine-client', 'report'], 'Name the resource servers that it uses'],
    [['web', 'portal'], 'Name the resource servers that it uses'],
    [['web', 'portal', '--uses', 'frontend'], 'There is no resource server "frontend"'],
    [['web', 'frontend', '--uses', 'backend'], '"frontend" is taken: there is apps/frontend'],
    [['machine-client', 'report', '--uses', 'nothing'], 'There is no resource server "nothing"'],
    [['page', 'nothing', 'reports'], 'There is no web app "nothing"'],
    [['page', 'backend', 'reports'], 'There is no web app "backend"'],
    [['page', 'frontend', 'profile'], '"profile" is taken: there is apps/frontend/src/profile'],
    [['page', 'frontend', 'bff'], '"bff" is taken: libs/web-server/src/bff/'],
    [['grant-type', 'client-credentials'], '"client-credentials" is taken'],
  ])('refuses %j', (args, reason) => {
    expect(() => generate(openTree(root), ...args)).toThrow(reason);
  });

  it('writes a resource server with scopes, schemas, tests and an entry of the registry', () => {
    const tree = openTree(root);
    generate(tree, 'resource-server', 'time-entries');
    const app = JSON.parse(read(tree, 'apps/time-entries/app.json'));
    expect(app).toMatchObject({ kind: 'resource-server', purpose: 'the API of time entries' });
    const ports = tree
      .children('apps')
      .filter((name) => tree.exists(`apps/${name}/app.json`))
      .map((name) => JSON.parse(read(tree, `apps/${name}/app.json`)).port);
    expect(new Set(ports).size).toBe(ports.length);
    expect(read(tree, 'libs/dto/src/scopes/resource-server-scopes.ts')).toContain("'time-entries': timeEntriesScopes,");
    expect(read(tree, 'apps/time-entries/src/time-entries/time-entries.controller.ts')).toContain(
      "@Controller('v1/time-entries')",
    );
    expect(tree.exists('e2e/src/time-entries/time-entries.e2e.spec.ts')).toBe(true);
  });

  it('writes a machine client of a generated resource server, and its registration', () => {
    const tree = openTree(root);
    generate(tree, 'resource-server', 'invoices');
    generate(tree, 'machine-client', 'nightly-report', '--uses', 'invoices');
    expect(JSON.parse(read(tree, 'examples/nightly-report/client.json'))).toMatchObject({ scopes: ['invoices:read'] });
    expect(read(tree, 'package.json')).toContain('"example:nightly-report"');
  });

  it('writes a web app with a page, variables and tokens of its own for each resource server that it uses', () => {
    const tree = openTree(root);
    generate(tree, 'resource-server', 'invoices');
    generate(tree, 'web', 'portal', '--uses', 'backend,invoices');
    expect(JSON.parse(read(tree, 'apps/portal/app.json'))).toMatchObject({
      kind: 'web',
      uses: ['backend', 'invoices'],
    });
    const config = read(tree, 'apps/portal/src/config.ts');
    for (const variable of ['BACKEND_URL', 'BACKEND_MTLS_URL', 'INVOICES_URL', 'INVOICES_MTLS_URL']) {
      expect(config).toContain(`  ${variable}: `);
    }
    expect(read(tree, 'apps/portal/src/web-server.ts')).toContain("cookiePrefix: 'trefoil_portal_'");
    for (const page of ['contacts', 'invoices']) {
      expect(read(tree, `apps/portal/src/${page}/${page}.controller.tsx`)).toContain(`@Controller('${page}')`);
    }
    generate(tree, 'page', 'portal', 'reports');
    expect(read(tree, 'apps/portal/src/app.module.ts').match(/ReportsModule/g)).toHaveLength(2);
  });

  it('lists a grant type where the provider and the vocabulary list all', () => {
    const tree = openTree(root);
    generate(tree, 'grant-type', 'saml2-bearer');
    expect(read(tree, 'libs/oauth-protocol/src/grant-type.ts')).toContain(
      "saml2Bearer: 'urn:ietf:params:oauth:grant-type:saml2-bearer'",
    );
    expect(read(tree, 'apps/provider/src/token/grant-types.ts').match(/Saml2BearerGrant/g)).toHaveLength(2);
  });

  it('adds a page to its app and to the levels of its features', () => {
    const tree = openTree(root);
    generate(tree, 'page', 'frontend', 'reports');
    expect(read(tree, 'apps/frontend/src/app.module.ts').match(/ReportsModule/g)).toHaveLength(2);
    expect(read(tree, 'tools/lint/feature-levels.mjs')).toContain("people: ['reports', 'contacts',");
  });
});

describe('npm run remove', () => {
  it.each([
    [['resource-server', 'invoices']],
    [['web', 'portal', '--uses', 'backend']],
    [['page', 'frontend', 'reports']],
    [['grant-type', 'saml2-bearer']],
  ])('undoes %j', async (args) => {
    const tree = openTree(root);
    const { generator, request } = generate(tree, ...args);
    expect(tree.listChanges()).not.toEqual([]);
    for (const { undo } of generator.edits(tree, request).reverse()) undo(tree);
    for (const path of generator.files(tree, request)) tree.delete(path);
    await formatChanges(tree);
    expect(tree.listChanges().map(({ path }) => path)).toEqual([]);
  });

  it.each([
    [['backend'], '"backend" was not generated'],
    [['provider'], '"provider" was not generated'],
    [['frontend'], '"frontend" was not generated'],
    [['nothing'], '"nothing" was not generated'],
    [[], 'Name what to remove'],
  ])('refuses %j', (args, reason) => {
    expect(() => parseRemove(args, openTree(root))).toThrow(reason);
  });
});

describe('an edit', () => {
  it('is undone without a trace, also after it was formatted', () => {
    const tree = createTreeWithEmptyWorkspace();
    const original = "const list = ['b', 'c'];\n// end\n";
    tree.write('list.ts', original);
    const block = insertBlock('list.ts', '// begin\n', /\/\/ end/);
    const entry = insertInto('list.ts', "'a', ", /list = \[/);
    block.make(tree);
    entry.make(tree);
    tree.write('list.ts', read(tree, 'list.ts').replace("'a', ", "\n  'a',\n  "));
    entry.undo(tree);
    block.undo(tree);
    expect(read(tree, 'list.ts').replace('[\n  ', '[')).toBe(original);
  });

  it('fails where its place is missing', () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('list.ts', '');
    expect(() => insertBlock('list.ts', 'x', /y/).make(tree)).toThrow('list.ts has no place for a new entry');
  });
});

it('every kind is described in the usage', () => {
  for (const [kind, { arguments: words }] of Object.entries(kinds)) {
    expect(() => parseNew([])).toThrow(`npm run new -- ${kind} ${words}`);
  }
});

it('npm run rename spells the new name as the old one', () => {
  const text = "import '@trefoil/dto'; Trefoil trefoil_provider TREFOIL_IMAGE TrefoilMark";
  expect(renamed(text, 'trefoil', 'acme')).toBe("import '@acme/dto'; Acme acme_provider ACME_IMAGE AcmeMark");
});

it('a change leaves files as they are that Prettier ignores, such as the tables of the documentation', async () => {
  const table = '| a | b |\n|---|---|\n| longer | c |\n';
  const tree = openTree(root);
  tree.write('docs/page.md', table);
  tree.write('libs/dto/src/page.ts', 'export const page = "a"');
  await formatChanges(tree);
  expect(read(tree, 'docs/page.md')).toBe(table);
  expect(read(tree, 'libs/dto/src/page.ts')).toBe("export const page = 'a';\n");
});
