// @ts-check
import { generateFiles } from '@nx/devkit';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addReference, insertBlock, read } from '../edits.mjs';
import { entityOf, nameOf } from '../names.mjs';
import { Refusal } from '../refusal.mjs';
import { appsOf, checkFree, nextPort, productOf, scopeOf, versionsOf } from '../workspace-facts.mjs';

const FILES = fileURLToPath(new URL('files', import.meta.url));

/** @typedef {import('../kinds.mjs').Generator} Generator */

/**
 * Generates an API with one entity, its scopes and schemas, and its tests.
 *
 * @type {Generator}
 */
export const resourceServer = {
  arguments: 'NAME',
  check: (tree, { name }) => {
    checkFree(tree, name);
    const { singular, plural } = entityOf(name);
    for (const file of [`libs/dto/src/${singular.kebab}.ts`, `libs/dto/src/scopes/${name}-scopes.ts`]) {
      if (tree.exists(file)) throw new Refusal(`"${name}" is taken: there is ${file}. Choose another name.`);
    }
    for (const word of [singular.pascal, `${singular.pascal}Page`]) {
      const exporting = tree
        .children('libs/dto/src')
        .find((file) => file.endsWith('.ts') && read(tree, `libs/dto/src/${file}`).includes(`export const ${word} =`));
      if (exporting)
        throw new Refusal(`"${name}" is taken: libs/dto/src/${exporting} exports ${word}. Choose another name.`);
    }
    if (singular.kebab === plural.kebab) throw new Refusal(`"${name}" has no plural. Choose another name.`);
  },
  write: (tree, { name }, { timestamp = String(Date.now()), port = nextPort(tree) } = {}) => {
    const { singular, plural } = entityOf(name);
    const app = nameOf(name);
    const values = {
      name,
      app,
      singular,
      plural,
      entity: singular.kebab,
      collection: plural.kebab,
      timestamp,
      port,
      purpose: `the API of ${plural.words}`,
      scope: scopeOf(tree),
      productTitle: nameOf(productOf(tree)).title,
      versions: versionsOf(tree),
    };
    generateFiles(tree, join(FILES, 'app'), `apps/${name}`, values);
    generateFiles(tree, join(FILES, 'e2e'), `e2e/src/${name}`, values);
    generateFiles(tree, join(FILES, 'dto'), 'libs/dto/src', values);
  },
  files: (_tree, { name }) => [
    `apps/${name}`,
    `e2e/src/${name}`,
    `libs/dto/src/${entityOf(name).singular.kebab}.ts`,
    `libs/dto/src/scopes/${name}-scopes.ts`,
  ],
  projects: ({ name }) => [`apps/${name}`, 'e2e'],
  owns: (tree, name) =>
    appsOf(tree).some((app) => app.name === name && app.kind === 'resource-server') && name !== 'backend',
  earlier: (tree, request) => {
    const migrations = tree.children(`apps/${request.name}/src/database/migrations`);
    const own = migrations.find((file) => file.endsWith(`-create-${entityOf(request.name).plural.kebab}.ts`));
    const { port } = JSON.parse(read(tree, `apps/${request.name}/app.json`));
    return { request, options: { timestamp: own?.split('-', 1)[0], port } };
  },
  left: (tree, { name }) => {
    const { port } = JSON.parse(read(tree, `apps/${name}/app.json`));
    return [
      `The database ${nameOf(productOf(tree)).snake}_${nameOf(name).snake} and its role are kept. In psql: DROP DATABASE …; DROP ROLE …`,
      `Its registration is kept: npm run trefoil -- resource-server delete http://localhost:${port}, then client delete ${name}`,
    ];
  },
  nextSteps: (tree, { name }) => {
    const { plural } = entityOf(name);
    const { port } = JSON.parse(read(tree, `apps/${name}/app.json`));
    return [
      ['npm start', 'starts all servers with it, and registers it with the provider'],
      [
        `http://localhost:${port}/docs`,
        `open this, press Authorize, then authorize, sign in as alice@example.com with alice-demo-password, and try GET /v1/${plural.kebab}`,
      ],
      [`npm run jest -- apps/${name} e2e/src/${name}`, 'runs its tests'],
      [`apps/${name}/src/${plural.kebab}`, 'change the entity here, and its schemas in libs/dto'],
    ];
  },
  edits: (_tree, { name }) => {
    const app = nameOf(name);
    const { singular, plural } = entityOf(name);
    const scopes = `${app.camel}Scopes`;
    const key = /-/.test(name) ? `'${name}'` : name;
    return [
      addReference(`apps/${name}`, 'examples/marketing-sync'),
      insertBlock(
        'libs/dto/src/index.ts',
        `export * from './${singular.kebab}.js';\n`,
        /export \* from '\.\/problem\.js'/,
      ),
      insertBlock(
        'libs/dto/src/index.ts',
        `export * from './scopes/${name}-scopes.js';\n`,
        /export \* from '\.\/scopes\/resource-server-scopes\.js'/,
      ),
      insertBlock(
        'libs/dto/src/scopes/resource-server-scopes.ts',
        `import { ${scopes} } from './${name}-scopes.js';\n`,
        /import type \{ ScopeTable \}/,
      ),
      insertBlock('libs/dto/src/scopes/resource-server-scopes.ts', `  ${key}: ${scopes},\n`, /^\};/m),
      insertBlock(
        'tools/lint/feature-levels.mjs',
        `  ${key}: {
    foundations: ['database'],
    records: [],
    protocol: ['${plural.kebab}'],
    people: [],
    sameLevel: {},
    usesFastify: [],
  },
`,
        /^\};\s*$(?![\s\S]*^\};)/m,
      ),
    ];
  },
};
