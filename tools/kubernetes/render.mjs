// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/**
 * An object of Kubernetes. Its parts are read without a type, and `schema.mjs` checks them.
 *
 * @typedef {{ apiVersion: string, kind: string, metadata: { name: string, namespace?: string, labels?: Record<string, string> } } & Record<string, any>} Manifest
 */

/** The objects that belong to no namespace. */
const CLUSTER_WIDE = ['Namespace', 'ClusterIssuer'];

/** The parts of a kustomization that are understood. */
const KNOWN = ['apiVersion', 'kind', 'resources', 'labels', 'namespace', 'images', 'configMapGenerator', 'patches'];

/**
 * Renders a kustomization as `kubectl kustomize` does, so that the manifests are checked where kubectl is not installed. It
 * understands the parts that the manifests of this workspace use. A test compares both.
 *
 * @param {string} folder
 * @returns {Manifest[]}
 * @throws Error when a kustomization has a part that is not understood.
 */
export function render(folder) {
  const objects = accumulate(folder);
  for (const map of objects.filter(({ kind }) => kind === 'ConfigMap')) {
    const hash = createHash('sha256').update(JSON.stringify(map.data)).digest('hex').slice(0, 10);
    const name = `${map.metadata.name}-${hash}`;
    for (const object of objects) renameConfigMap(object, map.metadata.name, name);
    map.metadata.name = name;
  }
  return objects;
}

/** @param {string} folder @returns {Manifest[]} */
function accumulate(folder) {
  const { resources = [], ...rest } = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  const unknown = Object.keys(rest).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0)
    throw new Error(`${folder} has ${unknown.join(', ')}, which tools/kubernetes/render.mjs does not know.`);
  const objects = resources.flatMap((/** @type {string} */ name) => read(join(folder, name)));
  for (const map of rest.configMapGenerator ?? []) generate(objects, map);
  for (const change of rest.patches ?? []) apply(objects, change);
  for (const object of objects) {
    for (const { pairs } of rest.labels ?? []) object.metadata.labels = { ...object.metadata.labels, ...pairs };
    if (rest.namespace !== undefined && !CLUSTER_WIDE.includes(object.kind)) object.metadata.namespace = rest.namespace;
    for (const image of rest.images ?? []) replaceImage(object, image);
  }
  return objects;
}

/** Returns the objects of a file, or those of another kustomization. @param {string} path @returns {Manifest[]} */
function read(path) {
  if (!existsSync(path)) throw new Error(`${path} does not exist.`);
  if (statSync(path).isDirectory()) return accumulate(path);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS());
}

/** @param {Manifest[]} objects @param {{ name: string, behavior?: string, literals: string[] }} generator */
function generate(objects, { name, behavior, literals }) {
  const data = Object.fromEntries(literals.map((literal) => literal.split(/=(.*)/s).slice(0, 2)));
  const known = objects.find((object) => object.kind === 'ConfigMap' && object.metadata.name === name);
  if (behavior === 'merge' && known) Object.assign(known.data, data);
  else objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

/** @param {Manifest[]} objects @param {{ target: { kind: string, name?: string }, patch: string }} change */
function apply(objects, { target, patch }) {
  const found = objects.filter(
    ({ kind, metadata }) => kind === target.kind && (target.name === undefined || metadata.name === target.name),
  );
  if (found.length === 0) throw new Error(`No object is ${target.kind} ${target.name ?? ''}, which a patch names.`);
  for (const object of found) for (const operation of parse(patch)) operate(object, operation);
}

/** Changes an object by one operation (RFC 6902). @param {Manifest} object @param {{ op: string, path: string, value?: unknown }} operation */
function operate(object, { op, path, value }) {
  const keys = path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  /** @type {any} */
  const parent = keys.reduce((/** @type {any} */ node, key) => node[key], object);
  if (op !== 'add' && !(last in parent)) throw new Error(`${object.kind} ${object.metadata.name} has no ${path}.`);
  if (op === 'remove') delete parent[last];
  else if (Array.isArray(parent) && last === '-') parent.push(value);
  else parent[last] = value;
}

/** Calls a function with every object inside of a value. @param {unknown} value @param {(part: any) => void} visit */
function visitObjects(value, visit) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value);
  for (const part of Object.values(value)) visitObjects(part, visit);
}

/** @param {Manifest} object @param {{ name: string, newName?: string, newTag: string }} image */
const replaceImage = (object, { name, newName = name, newTag }) =>
  visitObjects(object, (part) => {
    if (part.image === name) part.image = `${newName}:${newTag}`;
  });

/** @param {Manifest} object @param {string} from @param {string} to */
const renameConfigMap = (object, from, to) =>
  visitObjects(object, ({ configMapRef }) => {
    if (configMapRef?.name === from) configMapRef.name = to;
  });
