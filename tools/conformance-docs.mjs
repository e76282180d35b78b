// @ts-check
// Writes docs/conformance.md from the names of the tests, which cite the section they hold to; with --check it only says
// whether the page is true.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/conformance.md');

const INTRODUCTION = `# Conformance

Which section is kept where, and the tests that fail when it is not. The page is written by \`npm run docs:conformance\`
from the names of the tests; a test fails when it no longer fits them.
`;

const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const DOCUMENTS = [
  'RFC \\d{4,5}',
  'OAuth 2\\.1',
  'OpenID Connect [A-Z][\\w-]*(?: [A-Z][\\w-]*)*',
  '(?:RP-Initiated|Back-Channel) Logout',
  'OAuth 2\\.0 Form Post Response Mode',
  'JARM',
  'FAPI 2\\.0(?: [A-Z][\\w-]*)*',
  'Message Signing',
  '(?:SSF|CAEP|RISC) 1\\.0',
];
const CITATION = new RegExp(`(${DOCUMENTS.join('|')})((?:,? (?:and )?§[\\w.]*\\w)+)`, 'g');

/** The documents that tests call by less than their name. @param {string} document */
const fullName = (document) =>
  document
    .replace(/^(?=(?:RP-Initiated|Back-Channel) Logout)/, 'OpenID Connect ')
    .replace(/^(?=Message Signing)/, 'FAPI 2.0 ');

/** @typedef {{ document: string, section: string, file: string, test: string }} Row */

/** @returns {Row[]} */
function rows() {
  const specs = ['apps', 'libs', 'e2e'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.spec\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
      .map((path) => `${folder}/${path}`),
  );
  const all = specs.sort().flatMap((spec) => {
    const titles = readFileSync(join(root, spec), 'utf8').match(STRING) ?? [];
    return titles.flatMap((title) =>
      [...title.matchAll(CITATION)].flatMap(([, document = '', sections = '']) =>
        (sections.match(/§[\w.]*\w/g) ?? []).map((section) => ({
          document: fullName(document),
          section,
          file: sourceOf(spec),
          test: spec,
        })),
      ),
    );
  });
  return [...new Map(all.map((row) => [Object.values(row).join('|'), row])).values()];
}

/** What a spec is about: the file beside it, or else its folder. @param {string} spec */
function sourceOf(spec) {
  const base = spec.replace(/(\.medium|\.e2e|\.browser)?\.spec\.tsx?$/, '');
  const source = ['.ts', '.tsx'].map((ending) => base + ending).find((path) => existsSync(join(root, path)));
  return source ?? spec.slice(0, spec.lastIndexOf('/'));
}

/** @param {string} path */
const link = (path) => `[${path.replace(/^.*?\/src\//, '')}](../${path})`;

/** @param {string} text */
const numbers = (text) =>
  (text.match(/\d+|[A-Z]/g) ?? []).map((part) => (/\d/.test(part) ? Number(part) : part.charCodeAt(0) * 1000));

/** @param {string} a @param {string} b */
function compare(a, b) {
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** @param {string} document @param {Row[]} its */
function table(document, its) {
  const sections = [...new Set(its.map(({ section }) => section))].sort(compare);
  const lines = sections.map((section) => {
    const here = its.filter((row) => row.section === section);
    const cell = (/** @type {'file' | 'test'} */ column) =>
      [...new Set(here.map((row) => link(row[column])))].join('<br>');
    return `| ${section} | ${cell('file')} | ${cell('test')} |`;
  });
  return `## ${document}\n\n| section | kept in | tests |\n|---|---|---|\n${lines.join('\n')}\n`;
}

const found = rows();
const documents = [...new Set(found.map(({ document }) => document))].sort((a, b) =>
  /\d/.test(a) && /\d/.test(b) ? compare(a, b) : a < b ? 1 : -1,
);
const text = [
  INTRODUCTION,
  ...documents.map((name) =>
    table(
      name,
      found.filter((row) => row.document === name),
    ),
  ),
].join('\n');
if (process.argv.includes('--check')) {
  const isTrue = existsSync(page) && readFileSync(page, 'utf8') === text;
  if (!isTrue) console.error('docs/conformance.md is out of date: run npm run docs:conformance');
  process.exitCode = isTrue ? 0 : 1;
} else {
  writeFileSync(page, text);
}
