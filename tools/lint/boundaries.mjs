// @ts-check
import { dirname, relative, resolve, sep } from 'node:path';
import { refuseFastify, refuseFeature, refusePlace } from './feature-imports.mjs';
import { featureLevels, folderOf } from './feature-levels.mjs';
import { problemsOf } from './feature-table.mjs';
import { refusePackage, refuseTags } from './project-imports.mjs';
import { isTestCode, manifestReader, projectFolderOf } from './projects.mjs';

/**
 * Creates the ESLint rule that checks imports: between projects by their tags (project-rules.mjs), and between the
 * features of an app by their levels (feature-levels.mjs).
 *
 * @param {string} root the workspace
 * @param {import('./projects.mjs').ReadManifest} readManifest
 * @param {Record<string, import('./feature-levels.mjs').FeatureTable>} levels
 * @returns {import('eslint').Rule.RuleModule}
 * @throws Error when a table of feature levels contradicts itself
 */
export function boundaries(root, readManifest = manifestReader(root), levels = featureLevels) {
  for (const [app, table] of Object.entries(levels)) {
    const problems = problemsOf(table);
    if (problems.length > 0) throw new Error(`The feature levels of ${app} are wrong:\n${problems.join('\n')}`);
  }
  const tables = new Map(Object.entries(levels).map(([key, table]) => [folderOf(key), table]));
  /** @param {string} path */
  const fromRoot = (path) => relative(root, path).split(sep).join('/');

  return {
    meta: { type: 'problem', schema: [], messages: { forbidden: '{{reason}}' } },
    create(context) {
      const file = fromRoot(context.filename);
      const folder = projectFolderOf(file) ?? '';
      const manifest = folder && readManifest(folder);
      if (!manifest) return {};
      const isTest = isTestCode(folder, file);
      const isApp = folder.startsWith('apps/');
      const table = tables.get(folder);
      const src = `${folder}/src`;
      const path = file.slice(src.length + 1);

      const refuseFile = () => {
        if (isApp && !table) return `${folder} is not in the table of feature levels (tools/lint/feature-levels.mjs).`;
        const reason = refuseTags({ folder, manifest });
        return reason ?? (table && !isTest ? refusePlace(table, src, path) : undefined);
      };

      /** @param {string} specifier */
      const refuseImport = (specifier) => {
        if (!specifier.startsWith('.')) {
          const reason = refusePackage({ folder, manifest, isTest }, specifier, readManifest);
          return reason ?? (table && !isTest ? refuseFastify(table, path, specifier) : undefined);
        }
        const target = fromRoot(resolve(dirname(context.filename), specifier));
        if (!target.startsWith(`${folder}/`)) {
          return `A relative import stays in its package: import ${target} by package name.`;
        }
        if (isTest) return undefined;
        if (isTestCode(folder, target)) return 'Only tests import what is made for tests.';
        return table && refuseFeature(table, path, target.slice(src.length + 1));
      };

      /** @param {import('estree').Node} node @param {string | undefined} reason */
      const report = (node, reason) => reason && context.report({ node, messageId: 'forbidden', data: { reason } });
      /** @param {import('estree').Node | null | undefined} source */
      const check = (source) => {
        if (source?.type === 'Literal' && typeof source.value === 'string') report(source, refuseImport(source.value));
      };
      return {
        Program: (node) => void report(node, refuseFile()),
        ImportDeclaration: (node) => check(node.source),
        ExportNamedDeclaration: (node) => check(node.source),
        ExportAllDeclaration: (node) => check(node.source),
        ImportExpression: (node) => check(node.source),
        TSImportType: (/** @type {{ source?: import('estree').Node }} */ node) => check(node.source),
      };
    },
  };
}
