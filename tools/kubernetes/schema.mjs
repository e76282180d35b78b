// @ts-check
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** @typedef {import('./render.mjs').Manifest} Manifest */

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** The package that has the types and validators of a group of objects; `kubernetes-models` for those of Kubernetes itself. */
const PACKAGES = /** @type {Record<string, string>} */ ({
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
});

/** @param {Manifest} object */
function modelOf({ apiVersion }) {
  const [group = ''] = apiVersion.split('/');
  return `${PACKAGES[group] ?? 'kubernetes-models'}/${apiVersion}`;
}

/**
 * Checks objects against the schemas of Kubernetes, cert-manager and CloudNativePG. The compiler refuses unknown and missing
 * fields and wrong types, and the validators check formats and values.
 *
 * @param {readonly Manifest[]} objects
 * @returns {string[]} what is wrong, with the kind and the name of the object
 */
export function schemaProblems(objects) {
  return [...typeProblems(objects), ...objects.flatMap(valueProblems)];
}

/** @param {Manifest} object */
const nameOf = ({ kind, metadata }) => `${kind} ${metadata.name}`;

/** @param {readonly Manifest[]} objects @returns {string[]} */
function typeProblems(objects) {
  const lines = objects.flatMap((object, index) => [
    `import type { I${object.kind} as T${index} } from '${modelOf(object)}';`,
    `export const object${index}: T${index} = ${JSON.stringify(object)};`,
  ]);
  const file = join(root, 'tools/kubernetes/checked-objects.ts');
  const options = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, target) =>
    path === file ? ts.createSourceFile(path, lines.join('\n'), target) : readTypes(host, path, target);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    const object = source?.fileName === file ? objects[Math.floor(line / 2)] : undefined;
    return `${object ? nameOf(object) : source?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** The parsed types, which are the same in every check. @type {Map<string, ts.SourceFile | undefined>} */
const types = new Map();

/** @param {ts.CompilerHost} host @param {string} path @param {ts.ScriptTarget | ts.CreateSourceFileOptions} target */
function readTypes(host, path, target) {
  if (!types.has(path)) {
    const text = host.readFile(path);
    types.set(path, text === undefined ? undefined : ts.createSourceFile(path, text, target));
  }
  return types.get(path);
}

/** @param {Manifest} object @returns {string[]} */
function valueProblems(object) {
  const Model = require(modelOf(object))[object.kind];
  if (!Model) return [`${nameOf(object)}: there is no schema for ${object.apiVersion}`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${nameOf(object)}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
