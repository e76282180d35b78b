// @ts-check
// Finds what the documentation names in backticks or links to and what does not exist: paths, identifiers, npm scripts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const NEVER_READ = ['.git', 'node_modules', 'dist'];
const FILE_NAME = /^[\w.*<>{},-]*\.(cjs|json|md|mjs|sh|sql|tsx?|ya?ml)$/;
const MEDIA_TYPE = /^(application|audio|font|image|message|multipart|text|video)\//;

/**
 * @typedef {object} Workspace
 * @property {Set<string>} paths every file and folder, relative to the root, with forward slashes
 * @property {Set<string>} ends every end of these paths: `a/b/c.ts`, `b/c.ts`, `c.ts`
 * @property {string[]} ignored the folders that `.gitignore` names
 * @property {Set<string>} words every identifier and every package of this workspace that occurs in the sources
 * @property {string[]} scripts the scripts of package.json
 */

/** Reads what {@link staleReferences} compares the documentation with. @param {string} root @returns {Workspace} */
export function readWorkspace(root) {
  const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
  const ignored = [...read('.gitignore').matchAll(/^(.+)\/$/gm)].map(([, folder = '']) => folder);
  const entries = walk(root, '', [...NEVER_READ, ...ignored]);
  /** @type {Set<string>} */
  const words = new Set();
  for (const { path, isFile } of entries) {
    // The examples of this tool and of its test are not proof of anything.
    if (!isFile || /\.md$|^package-lock\.json$|^tools\/docs\/references/.test(path)) continue;
    for (const [word] of read(path).matchAll(/[\w$]+|@trefoil\/[\w-]+/g)) words.add(word);
  }
  const paths = entries.map(({ path }) => path);
  // The variables of `npm start` follow from the names of the apps.
  for (const [, app = ''] of paths.map((path) => /^apps\/([^/]+)\/app\.json$/.exec(path) ?? [])) {
    const name = app.toUpperCase().replaceAll('-', '_');
    for (const suffix of ['PORT', 'MTLS_PORT', 'URL', 'MTLS_URL']) words.add(`${name}_${suffix}`);
    words.add(`DEMO_${name}_URL`);
  }
  const ends = paths.flatMap((path) => path.split('/').map((_name, index, all) => all.slice(index).join('/')));
  const { scripts } = JSON.parse(read('package.json'));
  return { paths: new Set(paths), ends: new Set(ends), ignored, words, scripts: Object.keys(scripts) };
}

/**
 * Returns what a page names that does not exist.
 *
 * @param {string} page its path, relative to the root
 * @param {string} text
 * @param {Workspace} workspace
 */
export function staleReferences(page, text, workspace) {
  const prose = text.replace(/^[ \t]*```[\s\S]*?^[ \t]*```/gm, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '));
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const stale = [
    ...spans.filter((span) => !exists(span, workspace)),
    ...targets.filter((target) => !isReachable(page, target, workspace)),
  ];
  return [...new Set(stale)];
}

/**
 * Returns whether what a page names exists. Everything counts as existing that is neither a path, nor an identifier, nor a
 * script of this workspace: paths and headers of HTTP, values on the wire, other commands.
 *
 * @param {string} span the text between the backticks
 * @param {Workspace} workspace
 */
function exists(span, workspace) {
  if (workspace.ends.has(span)) return true;
  const script = /^npm run (?:--silent )?([\w:-]+)/.exec(span)?.[1];
  if (script) return workspace.scripts.includes(script);
  if (isPath(span)) return pathExists(span, workspace);
  return identifiersIn(span).every((word) => workspace.words.has(word));
}

/** @param {string} span */
function isPath(span) {
  const hasFolder = /^[\w.*<>{},-]+(\/[\w.*<>{},-]*)+$/.test(span);
  return FILE_NAME.test(span) || (hasFolder && !MEDIA_TYPE.test(span));
}

/**
 * Returns whether a file or a folder ends in this path. `*` and `<name>` stand for any part of a name, `{a,b}` for either.
 *
 * @param {string} path
 * @param {Workspace} workspace
 */
function pathExists(path, { ends, ignored }) {
  const plain = path.replace(/\/$/, '');
  if (ends.has(plain) || ignored.some((folder) => path.startsWith(`${folder}/`))) return true;
  if (!/[*<{]/.test(plain)) return false;
  const source = plain
    .replace(/\./g, '\\.')
    .replace(/\*+|<[^>]*>/g, '[^/]*')
    .replace(/\{([^}]*)\}/g, (_all, list) => `(${list.replaceAll(',', '|')})`);
  const pattern = new RegExp(`^${source}$`);
  return [...ends].some((one) => pattern.test(one));
}

/**
 * Returns the identifiers in PascalCase, camelCase and UPPER_CASE of an expression such as `Grants.find()`, of a decorator,
 * or of an assignment such as `PORT=3000`. One capitalised word, such as `Secure`, may be a term of HTTP and is left out.
 *
 * @param {string} span
 */
function identifiersIn(span) {
  const variable = /^([A-Z][A-Z0-9_]*)=/.exec(span)?.[1];
  if (variable) return [variable];
  if (/^@trefoil\/[\w-]+$/.test(span)) return [span];
  if (!/^@?[\w$]+(\.[\w$]+)*(\(.*\))?$/.test(span)) return [];
  const names = span.replace(/\(.*$/, '').match(/[\w$]+/g) ?? [];
  return names.filter((name) => /[A-Z]/.test(name) && !/^(\d|[A-Z][a-z]*$)/.test(name));
}

/** Returns whether a link leads to an existing file or to another site. @param {string} page @param {string} target @param {Workspace} workspace */
function isReachable(page, target, { paths }) {
  const [file = ''] = target.split('#');
  if (file === '' || /^[a-z]+:/.test(file)) return true;
  const path = posix.normalize(posix.join(dirname(page), file)).replace(/\/$/, '');
  return path === '.' || paths.has(path);
}

/**
 * Lists the files and folders below a folder.
 *
 * @param {string} root
 * @param {string} folder relative to the root
 * @param {string[]} leftOut names of folders
 * @returns {{ path: string, isFile: boolean }[]}
 */
function walk(root, folder, leftOut) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !leftOut.includes(entry.name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? [{ path, isFile: false }, ...walk(root, path, leftOut)] : [{ path, isFile: true }];
    });
}
