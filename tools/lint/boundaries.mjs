// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { builtinModules } from 'node:module';

/**
 * @typedef {{
 *   name: string,
 *   dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>,
 *   devDependencies?: Record<string, string>,
 * }} Manifest
 * @typedef {{ file: string, folder: string, isTest: boolean, manifest: Manifest, rootManifest: Manifest | undefined }} Importer
 *   file and folder are relative to the workspace, with forward slashes; rootManifest is the workspace's own
 */

const scope = '@trefoil/';
const frameworkFree = ['libs/oauth-protocol', 'libs/dto'];
const framework = /^(@nestjs\/|@fastify\/|fastify$|typeorm$|express$)/;

/** Where something comes in: what is behind them knows nothing of them. */
const ENTRANCES = ['account-api', 'commands', 'endpoints', 'pages'];

/** Inside an app: what the files of one folder of `src` must not import. */
const layers = [
  { from: 'endpoints', never: ['account-api', 'commands', 'housekeeping', 'pages'], isolated: true },
  { from: 'pages', never: ['account-api', 'commands', 'endpoints', 'housekeeping'], isolated: true },
  { from: 'account-api', never: ['commands', 'endpoints', 'housekeeping', 'pages'] },
  // A command prints the JSON that the API answers.
  { from: 'commands', never: ['endpoints', 'housekeeping', 'pages'] },
  { from: 'grant-types', never: [...ENTRANCES] },
  { from: 'anomalies', never: [...ENTRANCES, 'grant-types'] },
  { from: 'housekeeping', never: [...ENTRANCES, 'grant-types'] },
  { from: 'signals', never: ['commands', 'endpoints', 'grant-types', 'housekeeping', 'pages'] },
  { from: 'model', never: [...ENTRANCES, 'anomalies', 'grant-types', 'housekeeping', 'signals'] },
];

/**
 * The ESLint rule of who may import whom in this workspace.
 *
 * @param {string} root the workspace
 * @param {(folder: string) => Manifest | undefined} readManifest reads the package.json in a folder of the workspace
 * @returns {import('eslint').Rule.RuleModule}
 */
export function boundaries(root, readManifest = manifestReader(root)) {
  return {
    meta: { type: 'problem', schema: [], messages: { forbidden: '{{reason}}' } },
    create(context) {
      const file = relative(root, context.filename).split(sep).join('/');
      const folder = /^(?:(?:apps|examples|libs)\/[^/]+|e2e)(?=\/)/.exec(file)?.[0];
      if (!folder) return {};
      const isTest = isTestCode(folder, file);
      const manifest = readManifest(folder);
      if (!manifest) return {};
      const importer = { file, folder, isTest, manifest, rootManifest: readManifest('') };
      const isApp = (/** @type {string} */ name) =>
        name.startsWith(scope) && readManifest(`apps/${name.slice(scope.length)}`) !== undefined;

      /** @param {import('estree').Node | null | undefined} source */
      const check = (source) => {
        if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
        const reason = source.value.startsWith('.')
          ? refuseRelative(importer, relative(root, resolve(dirname(context.filename), source.value)))
          : refusePackage(importer, source.value, isApp);
        if (reason) context.report({ node: source, messageId: 'forbidden', data: { reason } });
      };
      return {
        ImportDeclaration: (node) => check(node.source),
        ExportNamedDeclaration: (node) => check(node.source),
        ExportAllDeclaration: (node) => check(node.source),
        ImportExpression: (node) => check(node.source),
        TSImportType: (/** @type {{ source?: import('estree').Node }} */ node) => check(node.source),
      };
    },
  };
}

/** Specs, the contracts they share, what is in a package's `src/testing`, and all of e2e. @param {string} folder @param {string} file */
function isTestCode(folder, file) {
  return folder === 'e2e' || file.startsWith(`${folder}/src/testing/`) || /\.(spec|contract)\.tsx?$/.test(file);
}

/** @param {Importer} importer @param {string} target */
function refuseRelative({ file, folder, isTest }, target) {
  const path = target.split(sep).join('/');
  if (!path.startsWith(`${folder}/`)) return `A relative import stays in its package: import ${path} by package name.`;
  if (isTest) return undefined;
  if (isTestCode(folder, path)) return 'Only tests import what is made for tests.';
  const [area, unit] = placeInSource(folder, file);
  const [targetArea, targetUnit] = placeInSource(folder, path);
  const layer = layers.find(({ from }) => from === area);
  if (!layer || !targetArea) return undefined;
  if (layer.never.includes(targetArea)) return `Imports run downwards: ${area}/ never imports from ${targetArea}/.`;
  if (layer.isolated && targetArea === area && unit && targetUnit && unit !== targetUnit) {
    return `Imports never run sideways: ${area}/${unit}/ does not import from ${area}/${targetUnit}/.`;
  }
  return undefined;
}

/** The first folder under `src`, and the folder in that, of a file of an app. @param {string} folder @param {string} path */
function placeInSource(folder, path) {
  if (!folder.startsWith('apps/') || !path.startsWith(`${folder}/src/`)) return [];
  return path.slice(`${folder}/src/`.length).split('/').slice(0, -1);
}

/** @param {Importer} importer @param {string} specifier @param {(name: string) => boolean} isApp */
function refusePackage({ folder, isTest, manifest, rootManifest }, specifier, isApp) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (name === manifest.name) return 'Inside a package imports are relative.';
  if (isApp(name)) return `Nobody imports an app: ${name} is known by its URL only.`;
  if (frameworkFree.includes(folder) && framework.test(name)) return `${folder} has no framework in it.`;
  if (name === `${scope}token-issuance` && folder !== 'apps/provider') {
    return `Only apps/provider imports ${name}: nobody else may be able to reach a signing key.`;
  }
  if (name === `${scope}testing` && !isTest) return `Only tests import ${name}.`;
  const declared = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
    ...(isTest ? { ...rootManifest?.devDependencies, ...manifest.devDependencies } : {}),
  };
  return name in declared ? undefined : `${folder}/package.json does not declare ${name}.`;
}

/** @param {string} root @returns {(folder: string) => Manifest | undefined} */
function manifestReader(root) {
  /** @type {Map<string, Manifest | undefined>} */
  const manifests = new Map();
  return (folder) => {
    if (!manifests.has(folder)) {
      const file = join(root, folder, 'package.json');
      manifests.set(folder, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
    }
    return manifests.get(folder);
  };
}
