// @ts-check
import { generateFiles } from '@nx/devkit';
import { fileURLToPath } from 'node:url';
import { insertBlock, insertInto, read } from '../edits.mjs';
import { nameOf } from '../names.mjs';
import { Refusal } from '../refusal.mjs';
import { appsOf, scopeOf } from '../workspace-facts.mjs';

const FILES = fileURLToPath(new URL('files', import.meta.url));
const LEVELS = 'tools/lint/feature-levels.mjs';

/**
 * Generates a page of a web app for users who have signed in.
 *
 * @type {import('../kinds.mjs').Generator}
 */
export const page = {
  arguments: 'APP NAME',
  check: (tree, { name, app = '' }) => {
    const webApps = appsOf(tree).filter(({ kind }) => kind === 'web');
    if (!webApps.some((one) => one.name === app)) {
      throw new Refusal(`There is no web app "${app}". There are: ${webApps.map((one) => one.name).join(', ')}.`);
    }
    if (tree.exists(`apps/${app}/src/${name}`)) {
      throw new Refusal(`"${name}" is taken: there is apps/${app}/src/${name}. Choose another name.`);
    }
    const route = new RegExp(`@(Controller|Get|Post)\\('/?${name}['/]`);
    const sources = [`apps/${app}/src`, 'libs/web-server/src']
      .flatMap((folder) => filesIn(tree, folder))
      .filter((file) => /\.controller\.tsx?$/.test(file));
    const owner = sources.find((file) => route.test(read(tree, file)));
    if (owner) throw new Refusal(`"${name}" is taken: ${owner} serves /${name}. Choose another name.`);
  },
  write: (tree, { name, app }) => {
    generateFiles(tree, FILES, `apps/${app}/src/${name}`, {
      name,
      page: nameOf(name),
      app,
      server: nameOf(app ?? ''),
      scope: scopeOf(tree),
    });
  },
  files: (_tree, { name, app }) => [`apps/${app}/src/${name}`],
  edits: (_tree, { name, app = '' }) => {
    const { pascal } = nameOf(name);
    const table = new RegExp(`^  '?${app}'?: \\{[\\s\\S]*?`, 'm').source;
    return [
      insertBlock(
        `apps/${app}/src/app.module.ts`,
        `import { ${pascal}Module } from './${name}/${name}.module.js';\n`,
        /import \{ \w+ \} from '\.\/web-server\.js'/,
      ),
      insertInto(`apps/${app}/src/app.module.ts`, ` ${pascal}Module,`, /@Module\(\{\s*imports: \[/),
      insertInto(LEVELS, `'${name}', `, new RegExp(`${table}people: \\[\\s*`, 'm')),
    ];
  },
  projects: ({ app }) => [`apps/${app}`],
  earlier: (_tree, request) => ({ request }),
  nextSteps: (tree, { name, app }) => [
    ['npm start', 'starts all servers'],
    [
      `http://localhost:${appsOf(tree).find((one) => one.name === app)?.port}/${name}`,
      'open this, and sign in as alice@example.com with alice-demo-password',
    ],
    [`apps/${app}/src/${name}`, 'change the page here, and add a link to it to the navigation in web-server.ts'],
  ],
};

/** @param {import('@nx/devkit').Tree} tree @param {string} path @returns {string[]} */
const filesIn = (tree, path) =>
  tree.isFile(path) ? [path] : tree.children(path).flatMap((name) => filesIn(tree, `${path}/${name}`));
