// @ts-check
// Writes docs/conformance.md from the names of the tests, which cite the sections of the RFCs, or checks it: [--check].
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, writePage } from './page.mjs';

const INTRODUCTION = `# Conformance

These tables list, for each section of each specification, the files that implement it and the tests that check it.
\`npm run docs:conformance\` writes this page from the names of the tests, which cite the sections. A test fails when it is out
of date.
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

/** Returns the full name of a specification for which tests use a short name. @param {string} document */
const fullName = (document) =>
  document
    .replace(/^(?=(?:RP-Initiated|Back-Channel) Logout)/, 'OpenID Connect ')
    .replace(/^(?=Message Signing)/, 'FAPI 2.0 ');

/** @typedef {{ document: string, section: string, file: string, test: string }} Row */

/** Returns one row for each section, file and test. @returns {Row[]} */
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

/** Returns what a spec tests: the file beside it, or else its folder. @param {string} spec */
function sourceOf(spec) {
  const base = spec.replace(/(\.medium|\.e2e|\.browser)?\.spec\.tsx?$/, '');
  const source = ['.ts', '.tsx'].map((ending) => base + ending).find((path) => existsSync(join(root, path)));
  return source ?? spec.slice(0, spec.lastIndexOf('/'));
}

/** Returns a Markdown link to a file. @param {string} path */
const link = (path) => `[${path.replace(/^.*?\/src\//, '')}](../${path})`;

/** Returns the parts of a section or a document by which it is sorted. @param {string} text */
const numbers = (text) =>
  (text.match(/\d+|[A-Z]/g) ?? []).map((part) => (/\d/.test(part) ? Number(part) : part.charCodeAt(0) * 1000));

/** Compares two sections or two documents. @param {string} a @param {string} b */
function compare(a, b) {
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** Returns the table of a specification. @param {string} document @param {Row[]} its */
function table(document, its) {
  const sections = [...new Set(its.map(({ section }) => section))].sort(compare);
  const lines = sections.map((section) => {
    const here = its.filter((row) => row.section === section);
    const cell = (/** @type {'file' | 'test'} */ column) =>
      [...new Set(here.map((row) => link(row[column])))].join('<br>');
    return `| ${section} | ${cell('file')} | ${cell('test')} |`;
  });
  return `## ${document}\n\n| section | implemented in | tests |\n|---|---|---|\n${lines.join('\n')}\n`;
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
writePage('conformance', text);
