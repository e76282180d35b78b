// @ts-check
import { development } from './development.mjs';
import { production } from './production.mjs';
import { scale } from './scale.mjs';
import { appsScript } from './scripts.mjs';

/** The generated files of the workspace. */
const FILES = /** @type {const} */ ({
  'docker-compose.yml': development,
  'docker-compose.production.yml': production,
  'docker-compose.scale.yml': scale,
  'deploy/postgres/apps.sh': appsScript,
});

/**
 * Returns the generated files that differ from what the registry of apps asks for, with the right text.
 *
 * @param {typeof import('../../libs/app-registry/src/index.js')} names the library that reads the registry
 * @param {string} root of the workspace whose apps are read
 * @param {(file: string) => string | undefined} read returns the text of a file, relative to the workspace
 * @returns {Map<string, string>}
 */
export function staleFiles(names, root, read) {
  const registry = names.readAppRegistry(root);
  const texts = Object.entries(FILES).map(([file, write]) => /** @type {const} */ ([file, write(registry, names)]));
  return new Map(texts.filter(([file, text]) => read(file) !== text));
}
