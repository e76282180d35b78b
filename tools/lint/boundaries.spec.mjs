// @ts-check
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { boundaries } from './boundaries.mjs';

/** @param {string[]} tags */
const tagged = (...tags) => ({ nx: { tags } });

const manifests = {
  '': { name: 'trefoil', devDependencies: { 'fast-check': '*' } },
  'apps/shop': {
    name: '@trefoil/shop',
    dependencies: { '@trefoil/pricing': '*', '@trefoil/words': '*', '@nestjs/common': '*', fastify: '*' },
    devDependencies: { '@trefoil/doubles': '*', '@trefoil/stock': '*' },
    ...tagged('type:app', 'scope:shop'),
  },
  'apps/stock': {
    name: '@trefoil/stock',
    dependencies: { '@trefoil/pricing': '*' },
    ...tagged('type:app', 'scope:stock'),
  },
  'apps/unlisted': { name: '@trefoil/unlisted', ...tagged('type:app', 'scope:unlisted') },
  'libs/pricing': { name: '@trefoil/pricing', ...tagged('type:lib', 'scope:shop') },
  'libs/words': {
    name: '@trefoil/words',
    dependencies: { zod: '*', '@nestjs/common': '*', typeorm: '*', '@trefoil/kit': '*' },
    ...tagged('type:lib', 'scope:shared', 'platform:none'),
  },
  'libs/kit': {
    name: '@trefoil/kit',
    dependencies: { '@trefoil/shop': '*', '@trefoil/doubles': '*', '@trefoil/words': '*', '@trefoil/pricing': '*' },
    ...tagged('type:lib', 'scope:shared'),
  },
  'libs/doubles': {
    name: '@trefoil/doubles',
    dependencies: { '@trefoil/words': '*' },
    optionalDependencies: { pg: '*' },
    ...tagged('type:lib', 'scope:development'),
  },
  'libs/untagged': { name: '@trefoil/untagged', ...tagged('type:lib') },
  'examples/sync': {
    name: '@trefoil/sync',
    dependencies: { '@trefoil/words': '*' },
    ...tagged('type:example', 'scope:sync'),
  },
  e2e: {
    name: '@trefoil/e2e',
    devDependencies: { '@trefoil/doubles': '*', '@trefoil/shop': '*' },
    ...tagged('type:e2e', 'scope:e2e'),
  },
};

const shop = {
  foundations: ['database', 'http'],
  records: ['orders', 'customers'],
  protocol: ['checkout', 'orders/api'],
  people: ['pages'],
  sameLevel: { orders: ['customers'] },
  usesFastify: ['http', 'customers/customer-cookie.ts'],
};
const none = { foundations: [], records: [], protocol: [], people: [], sameLevel: {}, usesFastify: [] };

/** @param {string} folder */
const readManifest = (folder) => manifests[/** @type {keyof typeof manifests} */ (folder)];
const rule = boundaries('/workspace', readManifest, { shop, stock: none });
const tester = new RuleTester({
  languageOptions: { parser: /** @type {import('eslint').Linter.Parser} */ (tseslint.parser) },
});

/** @param {string} file @param {string} imported */
const allowed = (file, imported) => ({
  name: `${file} imports ${imported}`,
  filename: `/workspace/${file}`,
  code: `import '${imported}';`,
});

/** @param {string} file @param {string} imported @param {string} reason */
const refused = (file, imported, reason) => ({
  ...allowed(file, imported),
  errors: [{ messageId: 'forbidden', data: { reason } }],
});

const src = 'apps/shop/src';
const table = 'tools/lint/feature-levels.mjs';

tester.run('imports between projects', rule, {
  valid: [
    allowed(`${src}/main.ts`, 'node:fs'),
    allowed(`${src}/main.ts`, '@nestjs/common'),
    allowed(`${src}/main.ts`, '@trefoil/pricing'),
    allowed(`${src}/main.spec.ts`, '@trefoil/doubles'),
    allowed(`${src}/main.medium.spec.tsx`, '@trefoil/doubles'),
    allowed(`${src}/testing/builders.ts`, '@trefoil/doubles'),
    allowed(`${src}/main.spec.ts`, './testing/builders.js'),
    allowed('libs/doubles/src/database.ts', 'pg'),
    allowed('libs/doubles/src/database.ts', '@trefoil/words'),
    allowed('libs/kit/src/index.ts', '@trefoil/words'),
    allowed('libs/words/src/words.spec.ts', 'fast-check'),
    allowed('libs/words/src/store.contract.ts', 'fast-check'),
    allowed('examples/sync/src/main.ts', '@trefoil/words'),
    allowed('e2e/src/builders.ts', '@trefoil/doubles'),
    allowed('tools/start.mjs', 'anything'),
  ],
  invalid: [
    refused(
      'libs/kit/src/guard.ts',
      '@trefoil/shop',
      'libs/kit (type:lib) must not import @trefoil/shop (type:app, scope:shop). Apps know each other by URL only.',
    ),
    refused(
      `${src}/main.spec.ts`,
      '@trefoil/stock',
      'apps/shop (type:app) must not import @trefoil/stock (type:app, scope:stock). Apps know each other by URL only.',
    ),
    refused(
      'e2e/src/shop.e2e.spec.ts',
      '@trefoil/shop',
      'e2e (type:e2e) must not import @trefoil/shop (type:app, scope:shop). Apps know each other by URL only.',
    ),
    refused(
      'apps/stock/src/main.ts',
      '@trefoil/pricing',
      'apps/stock (scope:stock) must not import @trefoil/pricing (type:lib, scope:shop). ' +
        'A lib that is not shared belongs to one app, or to tests.',
    ),
    refused(
      'libs/kit/src/guard.spec.ts',
      '@trefoil/pricing',
      'libs/kit (scope:shared) must not import @trefoil/pricing (type:lib, scope:shop). ' +
        'A lib that is not shared belongs to one app, or to tests.',
    ),
    ...['libs/kit/src/guard.ts', `${src}/main.ts`].map((file) =>
      refused(
        file,
        '@trefoil/doubles',
        `${file.startsWith('libs') ? 'libs/kit (scope:shared)' : 'apps/shop (scope:shop)'} must not import ` +
          '@trefoil/doubles (type:lib, scope:development). A lib that is not shared belongs to one app, or to tests.',
      ),
    ),
    ...['@nestjs/common', 'typeorm', 'fastify'].map((name) =>
      refused(
        'libs/words/src/index.ts',
        name,
        `libs/words (platform:none) must not import ${name}. It has to work without any framework.`,
      ),
    ),
    refused(
      'libs/words/src/index.ts',
      '@trefoil/kit',
      'libs/words (platform:none) must not import @trefoil/kit (type:lib, scope:shared). ' +
        'It has to work without any framework.',
    ),
    refused(
      'libs/untagged/src/index.ts',
      'node:fs',
      'libs/untagged/package.json must have exactly one tag that begins with scope: in nx.tags.',
    ),
    refused(
      `${src}/main.ts`,
      '../../stock/src/main.js',
      'A relative import stays in its package: import apps/stock/src/main.js by package name.',
    ),
    refused(
      `${src}/main.ts`,
      '../../../libs/words/src/index.js',
      'A relative import stays in its package: import libs/words/src/index.js by package name.',
    ),
    refused(`${src}/main.ts`, '@trefoil/shop', 'Inside a package imports are relative.'),
    refused(`${src}/main.ts`, 'lodash/fp', 'apps/shop/package.json does not declare lodash.'),
    refused('libs/words/src/index.ts', 'fast-check', 'libs/words/package.json does not declare fast-check.'),
    refused(
      'libs/words/src/index.spec.ts',
      '@scope/name/deep',
      'libs/words/package.json does not declare @scope/name.',
    ),
    refused(`${src}/main.ts`, './testing/builders.js', 'Only tests import what is made for tests.'),
    ...[
      "import type { A } from 'lodash';",
      "export { a } from 'lodash';",
      "export * from 'lodash';",
      "await import('lodash');",
      "let a: import('lodash').A;",
    ].map((code) => ({
      name: `every form of import: ${code}`,
      filename: '/workspace/libs/words/src/index.ts',
      code,
      errors: [{ messageId: 'forbidden', data: { reason: 'libs/words/package.json does not declare lodash.' } }],
    })),
  ],
});

tester.run('imports between the features of an app', rule, {
  valid: [
    allowed(`${src}/app.module.ts`, './checkout/checkout.module.js'),
    allowed(`${src}/orders/orders.ts`, '../database/pool.js'),
    allowed(`${src}/orders/orders.ts`, './parts/order-line.js'),
    allowed(`${src}/orders/parts/order-line.ts`, '../orders.js'),
    allowed(`${src}/orders/orders.ts`, '../customers/customers.js'),
    allowed(`${src}/orders/api/orders.controller.ts`, '../orders.js'),
    allowed(`${src}/checkout/checkout.controller.ts`, '../orders/orders.js'),
    allowed(`${src}/pages/home.page.tsx`, '../checkout/checkout.js'),
    allowed(`${src}/pages/home.page.tsx`, '../config.js'),
    allowed(`${src}/database/pool.ts`, '../config.js'),
    allowed(`${src}/database/pool.ts`, '../limits.js'),
    allowed(`${src}/limits.ts`, './config.js'),
    allowed(`${src}/database/pool.medium.spec.ts`, '../pages/home.page.js'),
    allowed(`${src}/testing/builders.ts`, '../pages/home.page.js'),
    allowed(`${src}/scenarios/sale.medium.spec.ts`, '../server.js'),
    allowed(`${src}/http/see-other.ts`, 'fastify'),
    allowed(`${src}/checkout/cart-cookie.ts`, 'fastify'),
    allowed(`${src}/customers/customers.controller.tsx`, 'fastify'),
    allowed(`${src}/customers/customer-cookie.ts`, 'fastify'),
    allowed(`${src}/server.ts`, 'fastify'),
  ],
  invalid: [
    refused(
      `${src}/orders/orders.ts`,
      '../checkout/checkout.js',
      'Imports run downwards: orders (records) must not import checkout (protocol).',
    ),
    refused(
      `${src}/orders/orders.ts`,
      './api/orders.controller.js',
      'Imports run downwards: orders (records) must not import orders/api (protocol).',
    ),
    refused(
      `${src}/database/deep/pool.ts`,
      '../../orders/orders.js',
      'Imports run downwards: database (foundations) must not import orders (records).',
    ),
    refused(
      `${src}/customers/customers.ts`,
      '../orders/orders.js',
      `customers and orders are both records: ${table} does not list this import under sameLevel.`,
    ),
    refused(
      `${src}/checkout/checkout.ts`,
      '../orders/api/order-body.js',
      `checkout and orders/api are both protocol: ${table} does not list this import under sameLevel.`,
    ),
    refused(
      `${src}/checkout/checkout.ts`,
      '../server.js',
      'Features import only config.ts, limits.ts and description.ts of the files directly in src.',
    ),
    refused(`${src}/config.ts`, './orders/orders.js', 'Every feature may import config.ts, so it imports no feature.'),
    refused(
      `${src}/refunds/refunds.ts`,
      '../orders/orders.js',
      `${src}/refunds is not in the table of feature levels (${table}).`,
    ),
    refused('apps/unlisted/src/main.ts', 'node:fs', `apps/unlisted is not in the table of feature levels (${table}).`),
    ...['fastify', '@fastify/cookie', '@nestjs/platform-fastify'].map((name) => ({
      ...refused(`${src}/customers/customers.ts`, name, ''),
      errors: 1,
    })),
    refused(
      `${src}/orders/orders.ts`,
      'fastify',
      `orders (records) must not import fastify: move HTTP to a controller, or list the file under usesFastify in ${table}.`,
    ),
  ],
});

describe('a table of feature levels', () => {
  /** @param {Partial<typeof shop>} changes */
  const load = (changes) => () => boundaries('/workspace', readManifest, { shop: { ...shop, ...changes } });

  it.each([
    [
      'a cycle',
      { sameLevel: { orders: ['customers'], customers: ['orders'] } },
      'customers → orders → customers is a cycle',
    ],
    ['a feature with two levels', { people: ['orders'] }, 'orders has two levels'],
    [
      'an import between levels under sameLevel',
      { sameLevel: { orders: ['checkout'] } },
      'orders and checkout are not two features of one level',
    ],
    [
      'a feature under sameLevel that has no level',
      { sameLevel: { orders: ['refunds'] } },
      'orders and refunds are not two features of one level',
    ],
  ])('refuses %s', (_what, changes, problem) => {
    expect(load(/** @type {object} */ (changes))).toThrow(problem);
  });
});
