// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWorkspace, staleReferences } from './references.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['apps', 'e2e', 'examples', 'libs'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => `${folder}/${path}`),
);
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
].sort();

describe('the documentation of this workspace', () => {
  const workspace = readWorkspace(root);

  it.each(pages)('%s names only paths, identifiers and scripts that exist', (page) => {
    expect(staleReferences(page, readFileSync(join(root, page), 'utf8'), workspace)).toEqual([]);
  });
});

it('no source cites a section of a page that is not in this workspace', () => {
  const citations = sources.filter((path) => /\bdesign §/.test(readFileSync(join(root, path), 'utf8')));
  expect(citations).toEqual([]);
});

describe('a page', () => {
  const workspace = {
    paths: new Set(['docs', 'docs/setup.md', 'apps/shop/src/orders/orders.ts']),
    ends: new Set(['apps/shop/src/orders/orders.ts', 'orders/orders.ts', 'orders.ts', 'orders']),
    ignored: ['.local'],
    words: new Set(['OrderList', 'orderLines', 'PORT', '@trefoil/words']),
    scripts: ['start:shop'],
  };
  const stale = (/** @type {string} */ text) => staleReferences('docs/page.md', text, workspace);

  it.each([
    '`apps/shop/src/orders/orders.ts`',
    '`orders/`, `orders/orders.ts` and `orders.ts`',
    '`apps/<app>/src/orders/*.ts`, `orders/{orders,lines}.ts`',
    '`.local/run.json`, which git ignores',
    '`OrderList`, `OrderList.find(id)`, `@OrderList()`, `orderLines`',
    '`PORT`, `PORT=3000`',
    '`@trefoil/words`',
    '`npm run start:shop -- --reset`',
    '[setup](setup.md#first), [docs](../docs/), [other](https://example.com/lost.md), [above](#above)',
    '`/token`, `POST /token`, `Cache-Control: no-store`, `text/html`, `Secure`',
    '`invalid_grant`, `grant_type=password`, `kill`, `docker compose up --wait`, `"a": 1`',
    '```sh\nnode lost.mjs\n```\n\n   ```ts\n   const lost = new LostClass();\n   ```\n',
  ])('may contain %s', (text) => {
    expect(stale(text)).toEqual([]);
  });

  it.each([
    ['a file that is gone', '`apps/shop/src/orders/lost.ts`', 'apps/shop/src/orders/lost.ts'],
    ['a file name that is gone', '`lost.ts`', 'lost.ts'],
    ['a folder that is gone', '`src/lost`', 'src/lost'],
    ['a pattern that no file matches', '`apps/<app>/src/lost/*.ts`', 'apps/<app>/src/lost/*.ts'],
    ['a class that is gone', '`LostClass`', 'LostClass'],
    ['a method that is gone', '`OrderList.lostMethod()`', 'OrderList.lostMethod()'],
    ['a constant that is gone', '`READERS`', 'READERS'],
    ['a variable that is gone', '`LOST=1`', 'LOST=1'],
    ['a package that is gone', '`@trefoil/lost`', '@trefoil/lost'],
    ['a script that is gone', '`npm run lost -- --reset`', 'npm run lost -- --reset'],
    ['a link to a page that is gone', '[lost](lost.md)', 'lost.md'],
    ['a link to a file of another folder', '[orders](../orders/orders.ts)', '../orders/orders.ts'],
  ])('must not contain %s', (_what, text, name) => {
    expect(stale(text)).toEqual([name]);
  });
});
