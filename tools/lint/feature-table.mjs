// @ts-check
import { LEVELS } from './feature-levels.mjs';

/** @typedef {import('./feature-levels.mjs').FeatureTable} FeatureTable */

const KEYS = [...LEVELS, 'sameLevel', 'usesFastify'];

/**
 * Returns what is wrong with a table of feature levels: a feature with two levels, an import under `sameLevel` between
 * levels, or a cycle.
 *
 * @param {FeatureTable} table
 */
export function problemsOf(table) {
  const features = LEVELS.flatMap((level) => table[level]);
  return [
    ...Object.keys(table)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `${key} is not a level`),
    ...features
      .filter((feature, index) => features.indexOf(feature) !== index)
      .map((feature) => `${feature} has two levels`),
    ...edgesOf(table)
      .filter(([from, to]) => from === to || !levelOf(table, from) || levelOf(table, from) !== levelOf(table, to))
      .map(([from, to]) => `sameLevel: ${from} and ${to} are not two features of one level`),
    ...features.flatMap((feature) => cycleThrough(table, feature) ?? []),
  ];
}

/** Returns the level of a feature. @param {FeatureTable} table @param {string} feature */
export const levelOf = (table, feature) => LEVELS.find((level) => table[level].includes(feature));

/**
 * Returns the feature that a file belongs to: the longest entry of the table that contains it.
 *
 * @param {FeatureTable} table
 * @param {string} path of the file, relative to `src`
 */
export const featureOf = (table, path) =>
  LEVELS.flatMap((level) => table[level])
    .filter((feature) => path.startsWith(`${feature}/`))
    .sort((a, b) => b.length - a.length)[0];

/** Returns the imports under `sameLevel`, as pairs. @param {FeatureTable} table @returns {[from: string, to: string][]} */
const edgesOf = ({ sameLevel }) =>
  Object.entries(sameLevel).flatMap(([from, all]) => all.map((to) => /** @type {[string, string]} */ ([from, to])));

/**
 * Describes a cycle that leads from a feature back to it, unless a feature in it comes earlier in the alphabet: each
 * cycle is reported once.
 *
 * @param {FeatureTable} table
 * @param {string} start
 */
function cycleThrough({ sameLevel }, start) {
  /** @type {string[][]} */
  const paths = [[start]];
  const seen = new Set();
  for (let path = paths.shift(); path; path = paths.shift()) {
    for (const next of sameLevel[path.at(-1) ?? ''] ?? []) {
      if (next === start)
        return path.every((feature) => start <= feature)
          ? [`sameLevel: ${[...path, start].join(' → ')} is a cycle`]
          : [];
      if (!seen.has(next)) paths.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}
