// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCommands, staleCommands } from './commands.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(`${root}${path}`, 'utf8');
const commands = readCommands(read('apps/provider/src/commands/__snapshots__/help.spec.ts.snap'));
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

it.each(pages)('%s shows only commands and options that exist', (page) => {
  expect(staleCommands(read(page), commands)).toEqual([]);
});

it('docs/administration.md shows every command that changes or lists something', () => {
  const shown = new Set(
    [...read('docs/administration.md').matchAll(/`([a-z-]+(?: [a-z][a-z-]*)?)[^`]*`/g)].map(([, name]) => name),
  );
  const others = ['setup', 'key encryption'];
  expect([...commands.keys()].filter((name) => !shown.has(name) && !others.includes(name))).toEqual([]);
});

describe('a page', () => {
  it.each([
    '`user create`, `revoke --user`',
    '```sh\nnpm run trefoil -- user create carol@example.com --name "Carol --x" \\\n  --generate-password\n```',
    '`npm run trefoil -- --help`, `user` and `client_credentials`',
  ])('may contain %j', (text) => {
    expect(staleCommands(text, commands)).toEqual([]);
  });

  it.each([
    ['a command that is gone', '`user ban`', 'user ban'],
    ['an option that is gone', '```sh\nnpm run trefoil -- user list --name x\n```', 'user list --name x'],
    ['the beginning of an option', '`user create --generate`', 'user create --generate'],
  ])('must not contain %s', (_what, text, name) => {
    expect(staleCommands(text, commands)).toEqual([name]);
  });
});
