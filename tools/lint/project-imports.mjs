// @ts-check
import { builtinModules } from 'node:module';
import { projectRules, requiredTags, testTags } from './project-rules.mjs';
import { findProject, tagsOf } from './projects.mjs';

/**
 * @typedef {import('./projects.mjs').Project} Project
 * @typedef {import('./projects.mjs').ReadManifest} ReadManifest
 */

/** Returns the reason why the tags of a project are incomplete. @param {Project} project */
export function refuseTags({ folder, manifest }) {
  const wrong = requiredTags.find((kind) => tagsOf(manifest).filter((tag) => tag.startsWith(kind)).length !== 1);
  return wrong && `${folder}/package.json must have exactly one tag that begins with ${wrong} in nx.tags.`;
}

/**
 * Returns the reason why a project must not import a package, or undefined when it may.
 *
 * @param {Project & { isTest: boolean }} importer
 * @param {string} specifier such as `@trefoil/dto` or `node:fs`
 * @param {ReadManifest} readManifest
 */
export function refusePackage({ folder, manifest, isTest }, specifier, readManifest) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (name === manifest.name) return 'Inside a package imports are relative.';
  const target = findProject(name, readManifest);
  const tags = target ? tagsOf(target.manifest) : [];
  for (const tag of tagsOf(manifest)) {
    for (const rule of projectRules) {
      const star = matchTag(rule.sourceTag, tag);
      if (star === undefined) continue;
      if (rule.bannedExternalImports?.some((pattern) => matchTag(pattern, name) !== undefined)) {
        return `${folder} (${tag}) must not import ${name}. ${rule.because}`;
      }
      if (!target || (isTest && tags.some((one) => testTags.includes(one)))) continue;
      const allowed = rule.onlyDependOnLibsWithTags.map((one) => one.replace('*', star));
      if (!tags.some((one) => allowed.includes(one))) {
        return `${folder} (${tag}) must not import ${name} (${tags.join(', ')}). ${rule.because}`;
      }
    }
  }
  const rootManifest = readManifest('');
  const declared = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
    ...(isTest ? { ...rootManifest?.devDependencies, ...manifest.devDependencies } : {}),
  };
  return name in declared ? undefined : `${folder}/package.json does not declare ${name}.`;
}

/**
 * Returns the text that the `*` of a pattern stands for, the empty string for a pattern without one, and undefined when
 * the pattern does not match.
 *
 * @param {string} pattern
 * @param {string} text
 */
function matchTag(pattern, text) {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === text ? '' : undefined;
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
}
