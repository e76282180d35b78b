// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { featureLevels, folderOf, LEVELS } from './feature-levels.mjs';
import { featureOf, problemsOf } from './feature-table.mjs';
import { refusePackage, refuseTags } from './project-imports.mjs';
import { isTestCode, manifestReader, tagsOf } from './projects.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readManifest = manifestReader(root);
const projects = ['apps', 'libs', 'examples']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .concat('e2e')
  .flatMap((folder) => {
    const manifest = readManifest(folder);
    return manifest ? [{ folder, manifest }] : [];
  });

/** @param {string} tag */
const foldersTagged = (tag) =>
  projects.filter(({ manifest }) => tagsOf(manifest).includes(tag)).map(({ folder }) => folder);

it.each(projects)('$folder has its tags and its targets', ({ folder, manifest }) => {
  expect(refuseTags({ folder, manifest })).toBeUndefined();
  const files = readdirSync(join(root, folder), { recursive: true }).map(String);
  const targets = [
    'lint',
    ...(files.includes('tsconfig.json') ? ['build', 'typecheck'] : []),
    ...(files.some((file) => /^src\/.*\.spec\.tsx?$/.test(file)) ? [folder === 'e2e' ? 'e2e' : 'test'] : []),
    ...(folder.startsWith('apps/') ? ['serve'] : []),
  ];
  expect(Object.keys(manifest.nx?.targets ?? {})).toEqual(expect.arrayContaining(targets));
});

/** Returns the projects whose production code may import a package. @param {string} name */
const importersOf = (name) =>
  projects
    .filter(({ folder, manifest }) => {
      const declaring = { ...manifest, dependencies: { ...manifest.dependencies, [name]: '*' } };
      return refusePackage({ folder, manifest: declaring, isTest: false }, name, readManifest) === undefined;
    })
    .map(({ folder }) => folder);

it('lets only the provider import signing keys', () => {
  expect(importersOf('@trefoil/token-issuance')).toEqual(['apps/provider']);
});

it('lets no production code import the libs for tests', () => {
  expect(importersOf('@trefoil/testing')).toEqual(['libs/app-registry', 'libs/doctor', 'libs/local-stack', 'libs/pki']);
  expect(importersOf('@trefoil/local-stack')).toEqual(['libs/app-registry', 'libs/doctor', 'libs/pki', 'libs/testing']);
  expect(importersOf('@trefoil/pki')).toEqual(['libs/app-registry', 'libs/doctor', 'libs/local-stack', 'libs/testing']);
  expect(importersOf('@trefoil/doctor')).toEqual(['libs/app-registry', 'libs/local-stack', 'libs/pki', 'libs/testing']);
});

it('keeps every framework out of the vocabulary of the RFCs and of the schemas', () => {
  expect(foldersTagged('platform:none')).toEqual(expect.arrayContaining(['libs/dto', 'libs/oauth-protocol']));
});

it.each(Object.entries(featureLevels))('the feature levels of %s fit its folders', (key, table) => {
  const src = join(root, folderOf(key), 'src');
  expect(problemsOf(table)).toEqual([]);
  const entries = [...LEVELS.flatMap((level) => table[level]), ...table.usesFastify];
  expect(entries.filter((entry) => !existsSync(join(src, entry)))).toEqual([]);
});

it.each(Object.entries(featureLevels))('%s needs every import that its feature levels list', (key, table) => {
  const folder = folderOf(key);
  const src = join(root, folder, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !isTestCode(folder, `${folder}/src/${path}`),
  );
  const imports = new Set(
    files.flatMap((path) =>
      [...readFileSync(join(src, path), 'utf8').matchAll(/'(\.{1,2}\/[^']+)'/g)].map(([, specifier = '']) => {
        const target = posix.join(posix.dirname(path), specifier);
        return `${featureOf(table, path)} → ${featureOf(table, target)}`;
      }),
    ),
  );
  const listed = Object.entries(table.sameLevel).flatMap(([from, all]) => all.map((to) => `${from} → ${to}`));
  expect(listed.filter((entry) => !imports.has(entry))).toEqual([]);
});
