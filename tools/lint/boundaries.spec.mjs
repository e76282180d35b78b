// @ts-check
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { boundaries } from './boundaries.mjs';

const manifests = {
  '': { name: 'trefoil', devDependencies: { 'fast-check': '*' } },
  'apps/provider': {
    name: '@trefoil/provider',
    dependencies: { '@trefoil/token-issuance': '*', '@trefoil/dto': '*', '@nestjs/common': '*' },
    devDependencies: { '@trefoil/testing': '*', '@trefoil/backend': '*' },
  },
  'apps/backend': { name: '@trefoil/backend', dependencies: { '@trefoil/token-issuance': '*' } },
  'libs/dto': { name: '@trefoil/dto', dependencies: { zod: '*', '@nestjs/common': '*', typeorm: '*' } },
  'libs/oauth-protocol': { name: '@trefoil/oauth-protocol', dependencies: { fastify: '*' } },
  'libs/guards': { name: '@trefoil/guards', dependencies: { '@trefoil/provider': '*', '@trefoil/testing': '*' } },
  'libs/testing': { name: '@trefoil/testing', optionalDependencies: { pg: '*' } },
  'examples/sync': { name: '@trefoil/sync', dependencies: { '@trefoil/dto': '*' } },
  e2e: { name: '@trefoil/e2e', devDependencies: { '@trefoil/testing': '*' } },
};

const rule = boundaries('/workspace', (folder) => manifests[/** @type {keyof typeof manifests} */ (folder)]);
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

const provider = 'apps/provider/src';

tester.run('boundaries', rule, {
  valid: [
    allowed(`${provider}/main.ts`, 'node:fs'),
    allowed(`${provider}/main.ts`, '@nestjs/common'),
    allowed(`${provider}/main.ts`, '@trefoil/token-issuance'),
    allowed(`${provider}/main.spec.ts`, '@trefoil/testing'),
    allowed(`${provider}/main.medium.spec.tsx`, '@trefoil/testing'),
    allowed('libs/testing/src/database.ts', 'pg'),
    allowed('e2e/src/builders.ts', '@trefoil/testing'),
    allowed(`${provider}/testing/builders.ts`, '@trefoil/testing'),
    allowed(`${provider}/main.spec.ts`, './testing/builders.js'),
    allowed('libs/dto/src/dto.spec.ts', 'fast-check'),
    allowed('libs/dto/src/store.contract.ts', 'fast-check'),
    allowed('examples/sync/src/main.ts', '@trefoil/dto'),
    allowed('tools/start.mjs', 'anything'),
    allowed(`${provider}/app.module.ts`, './endpoints/token/token.endpoint.js'),
    allowed(`${provider}/endpoints/endpoints.ts`, './token/token.endpoint.js'),
    allowed(`${provider}/endpoints/token/token.endpoint.ts`, '../no-store.js'),
    allowed(`${provider}/endpoints/authorize/checks/check-scope.ts`, '../authorization-request.js'),
    allowed(`${provider}/endpoints/token/token.endpoint.ts`, '../../grant-types/refresh-token/rotate.js'),
    allowed(`${provider}/pages/consent/consent.page.tsx`, '../page-layout.js'),
    allowed(`${provider}/pages/consent/consent.page.tsx`, '../../model/grants/grants.js'),
    allowed(`${provider}/endpoints/token/token.medium.spec.ts`, '../authorize/authorize.endpoint.js'),
  ],
  invalid: [
    refused(
      'libs/guards/src/guard.ts',
      '@trefoil/provider',
      'Nobody imports an app: @trefoil/provider is known by its URL only.',
    ),
    refused(
      `${provider}/main.spec.ts`,
      '@trefoil/backend',
      'Nobody imports an app: @trefoil/backend is known by its URL only.',
    ),
    refused(
      `${provider}/main.ts`,
      '../../backend/src/main.js',
      'A relative import stays in its package: import apps/backend/src/main.js by package name.',
    ),
    refused(
      `${provider}/main.ts`,
      '../../../libs/dto/src/index.js',
      'A relative import stays in its package: import libs/dto/src/index.js by package name.',
    ),
    refused(`${provider}/main.ts`, '@trefoil/provider', 'Inside a package imports are relative.'),
    refused('libs/dto/src/index.ts', '@nestjs/common', 'libs/dto has no framework in it.'),
    refused('libs/dto/src/index.ts', 'typeorm', 'libs/dto has no framework in it.'),
    refused('libs/oauth-protocol/src/index.ts', 'fastify', 'libs/oauth-protocol has no framework in it.'),
    refused(
      'apps/backend/src/main.ts',
      '@trefoil/token-issuance',
      'Only apps/provider imports @trefoil/token-issuance: nobody else may be able to reach a signing key.',
    ),
    refused('libs/guards/src/guard.ts', '@trefoil/testing', 'Only tests import @trefoil/testing.'),
    refused(`${provider}/main.ts`, '@trefoil/testing', 'Only tests import @trefoil/testing.'),
    refused(`${provider}/main.ts`, 'lodash/fp', 'apps/provider/package.json does not declare lodash.'),
    refused(
      'examples/sync/src/main.ts',
      '@trefoil/provider',
      'Nobody imports an app: @trefoil/provider is known by its URL only.',
    ),
    refused('libs/dto/src/index.ts', 'fast-check', 'libs/dto/package.json does not declare fast-check.'),
    refused(`${provider}/main.ts`, './testing/builders.js', 'Only tests import what is made for tests.'),
    refused('libs/dto/src/index.spec.ts', '@scope/name/deep', 'libs/dto/package.json does not declare @scope/name.'),
    refused(
      `${provider}/endpoints/token/token.endpoint.ts`,
      '../authorize/authorization-request.js',
      'Imports never run sideways: endpoints/token/ does not import from endpoints/authorize/.',
    ),
    refused(
      `${provider}/endpoints/token/token.endpoint.ts`,
      '../../pages/page-layout.js',
      'Imports run downwards: endpoints/ never imports from pages/.',
    ),
    refused(
      `${provider}/pages/consent/consent.page.tsx`,
      '../sign-in/sign-in.page.js',
      'Imports never run sideways: pages/consent/ does not import from pages/sign-in/.',
    ),
    refused(
      `${provider}/pages/consent/consent.page.tsx`,
      '../../endpoints/authorize/resume.js',
      'Imports run downwards: pages/ never imports from endpoints/.',
    ),
    refused(
      `${provider}/grant-types/refresh-token/rotate.ts`,
      '../../endpoints/token/token.endpoint.js',
      'Imports run downwards: grant-types/ never imports from endpoints/.',
    ),
    refused(
      `${provider}/model/grants/grants.ts`,
      '../../grant-types/refresh-token/rotate.js',
      'Imports run downwards: model/ never imports from grant-types/.',
    ),
    ...[
      "import type { A } from 'lodash';",
      "export { a } from 'lodash';",
      "export * from 'lodash';",
      "await import('lodash');",
      "let a: import('lodash').A;",
    ].map((code) => ({
      name: `every form of import: ${code}`,
      filename: '/workspace/libs/dto/src/index.ts',
      code,
      errors: [{ messageId: 'forbidden', data: { reason: 'libs/dto/package.json does not declare lodash.' } }],
    })),
  ],
});
