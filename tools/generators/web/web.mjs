// @ts-check
import { generateFiles } from '@nx/devkit';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addReference, insertBlock, read } from '../edits.mjs';
import { entityOf, nameOf } from '../names.mjs';
import { Refusal } from '../refusal.mjs';
import { appsOf, checkFree, nextPort, productOf, scopeOf, usedServers, versionsOf } from '../workspace-facts.mjs';

/** @typedef {import('@nx/devkit').Tree} Tree */
/** @typedef {import('../names.mjs').Name} Name */

const FILES = fileURLToPath(new URL('files', import.meta.url));

/**
 * Generates a web server for users: it signs them in, keeps their tokens, and shows what the resource servers that it uses
 * store.
 *
 * @type {import('../kinds.mjs').Generator}
 */
export const web = {
  arguments: 'NAME --uses RESOURCE-SERVER[,RESOURCE-SERVER]',
  check: (tree, { name, uses = '' }) => {
    checkFree(tree, name);
    for (const api of apisOf(tree, uses)) {
      if (api.plural.kebab === 'home')
        throw new Refusal(`The page of ${api.name} would be /home, which is the start page.`);
    }
  },
  write: (tree, { name, uses = '' }, { timestamp = String(Date.now()), port = nextPort(tree) } = {}) => {
    const apis = apisOf(tree, uses);
    const product = nameOf(productOf(tree));
    const app = nameOf(name);
    const values = {
      name,
      app,
      apis,
      modules: [nameOf('home'), ...apis.map(({ plural }) => plural)],
      timestamp,
      port,
      purpose: `the pages of ${apis.map(({ plural }) => plural.words).join(' and ')}`,
      scope: scopeOf(tree),
      product: product.snake,
      productTitle: product.title,
      versions: versionsOf(tree),
    };
    generateFiles(tree, join(FILES, 'app'), `apps/${name}`, values);
    generateFiles(tree, join(FILES, 'e2e'), `e2e/src/${name}`, values);
    for (const { name: api, singular, plural, label, member } of apis) {
      const more = { ...values, api, singular, plural, label, member, collection: plural.kebab };
      generateFiles(tree, join(FILES, 'api'), `apps/${name}/src/${plural.kebab}`, more);
    }
  },
  files: (_tree, { name }) => [`apps/${name}`, `e2e/src/${name}`],
  edits: (tree, { name, uses }) => {
    const key = /-/.test(name) ? `'${name}'` : name;
    // At its removal, the file names the resource servers.
    const features = apisOf(tree, uses ?? usesOf(tree, name)).map(({ plural }) => `'${plural.kebab}'`);
    return [
      addReference(`apps/${name}`, 'examples/marketing-sync'),
      insertBlock(
        'tools/lint/feature-levels.mjs',
        `  ${key}: {
    foundations: ['database'],
    records: [],
    protocol: [],
    people: [${["'home'", ...features].join(', ')}],
    sameLevel: {},
    usesFastify: [],
  },
`,
        /^\};\s*$(?![\s\S]*^\};)/m,
      ),
    ];
  },
  projects: ({ name }) => [`apps/${name}`, 'e2e'],
  owns: (tree, name) => appsOf(tree).some((app) => app.name === name && app.kind === 'web') && name !== 'frontend',
  earlier: (tree, request) => {
    const [migration = ''] = tree
      .children(`apps/${request.name}/src/database/migrations`)
      .filter((file) => file.endsWith('-create-state-store.ts'));
    const { port } = JSON.parse(read(tree, `apps/${request.name}/app.json`));
    const timestamp = migration.split('-', 1)[0];
    return { request: { ...request, uses: usesOf(tree, request.name) }, options: { timestamp, port } };
  },
  left: (tree, { name }) => [
    `The database ${nameOf(productOf(tree)).snake}_${nameOf(name).snake} and its role are kept. In psql: DROP DATABASE …; DROP ROLE …`,
    `Its registration is kept: npm run trefoil -- client delete ${name}`,
  ],
  nextSteps: (tree, { name, uses = '' }) => {
    const [first] = apisOf(tree, uses);
    const { port } = JSON.parse(read(tree, `apps/${name}/app.json`));
    return [
      ['npm start', 'starts all servers with it, and registers it with the provider'],
      [
        `http://localhost:${port}/${first?.plural.kebab}`,
        'open this, and sign in as alice@example.com with alice-demo-password',
      ],
      [`npm run jest -- apps/${name} e2e/src/${name}`, 'runs its tests'],
      [`npm run new -- page ${name} reports`, 'adds a page'],
      [
        `apps/${name}/src`,
        'change the pages here; apps/frontend/src/contacts shows forms, searches and downloads that call an API',
      ],
    ];
  },
};

/** Returns the resource servers that a web app uses, separated by commas. @param {Tree} tree @param {string} name */
const usesOf = (tree, name) => JSON.parse(read(tree, `apps/${name}/app.json`)).uses.join();

/**
 * Returns how a web app calls each resource server that it uses: its variables, its scopes, and the list that it shows.
 *
 * @param {Tree} tree
 * @param {string} uses separated by commas
 */
const apisOf = (tree, uses) =>
  usedServers(tree, uses).map(({ name }) => {
    // The backend was written by hand, and is named after its part in the demo instead of what it stores.
    const isBackend = name === 'backend';
    const { singular, plural } = entityOf(isBackend ? 'contacts' : name);
    return {
      name,
      variable: name.toUpperCase().replaceAll('-', '_'),
      words: plural.words,
      scopes: `${isBackend ? 'contact' : nameOf(name).camel}Scopes`,
      singular,
      plural,
      /** The member that a list shows. */
      label: nameOf(isBackend ? 'name' : 'title'),
      /** Reads it from an object with one member for each resource server. */
      member: /-/.test(name) ? `['${name}']` : `.${name}`,
      /** The other members of an example. */
      example: isBackend ? "email: '', phone: '', company: '', notes: ''" : "notes: ''",
    };
  });
