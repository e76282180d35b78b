// @ts-check
import { LEVELS, LEVELS_WITHOUT_FASTIFY, SETTINGS } from './feature-levels.mjs';
import { featureOf, levelOf } from './feature-table.mjs';

/** @typedef {import('./feature-levels.mjs').FeatureTable} FeatureTable */

const TABLE = 'tools/lint/feature-levels.mjs';
const FASTIFY = /^(@fastify\/|fastify$|@nestjs\/platform-fastify$)/;

/**
 * Returns the reason why a file has no place in an app: its folder is not in the table. Files directly in `src` compose
 * the app and need no entry.
 *
 * @param {FeatureTable} table
 * @param {string} src the source folder of the app, such as `apps/provider/src`
 * @param {string} path of the file, relative to `src`
 */
export function refusePlace(table, src, path) {
  const [folder, ...rest] = path.split('/');
  if (rest.length === 0 || featureOf(table, path)) return undefined;
  return `${src}/${folder} is not in the table of feature levels (${TABLE}).`;
}

/**
 * Returns the reason why a file of an app must not import another file of it, or undefined when it may.
 *
 * @param {FeatureTable} table
 * @param {string} from path of the importing file, relative to `src`
 * @param {string} to path of the imported file, relative to `src`
 */
export function refuseFeature(table, from, to) {
  const importer = featureOf(table, from);
  const imported = featureOf(table, to);
  if (isSettings(from) && to.includes('/')) return `Every feature may import ${from}, so it imports no feature.`;
  if (!importer || importer === imported) return undefined;
  if (!to.includes('/')) {
    return isSettings(to)
      ? undefined
      : `Features import only ${SETTINGS.join(', ').replace(/, (?=[^,]*$)/, ' and ')} of the files directly in src.`;
  }
  if (!imported) return undefined;
  const level = levelOf(table, importer);
  const importedLevel = levelOf(table, imported);
  if (!level || !importedLevel) return undefined;
  if (LEVELS.indexOf(importedLevel) < LEVELS.indexOf(level)) return undefined;
  if (level !== importedLevel) {
    return `Imports run downwards: ${importer} (${level}) must not import ${imported} (${importedLevel}).`;
  }
  if (table.sameLevel[importer]?.includes(imported)) return undefined;
  return `${importer} and ${imported} are both ${level}: ${TABLE} does not list this import under sameLevel.`;
}

/** @param {string} path relative to `src`; imports name a file by its compiled name */
const isSettings = (path) => SETTINGS.includes(path.replace(/\.js$/, '.ts'));

/**
 * Returns the reason why a file must not import Fastify, or undefined when it may or when the package is another one.
 *
 * @param {FeatureTable} table
 * @param {string} path of the importing file, relative to `src`
 * @param {string} specifier
 */
export function refuseFastify(table, path, specifier) {
  if (!FASTIFY.test(specifier) || /\.controller\.tsx?$/.test(path)) return undefined;
  const feature = featureOf(table, path);
  const level = LEVELS_WITHOUT_FASTIFY.find((one) => feature && levelOf(table, feature) === one);
  if (!level || table.usesFastify.some((one) => path === one || path.startsWith(`${one}/`))) return undefined;
  return (
    `${feature} (${level}) must not import ${specifier}: ` +
    `move HTTP to a controller, or list the file under usesFastify in ${TABLE}.`
  );
}
