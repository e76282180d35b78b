import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const check = (tool: string) => {
  const script = fileURLToPath(new URL(`../../../tools/docs/${tool}.mjs`, import.meta.url));
  return spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
};

it.each([
  ['docs/configuration.md matches the configuration schemas', 'configuration'],
  ['docs/limits.md matches the tables of limits', 'limits'],
  ['docs/conformance.md matches the names of the tests', 'conformance'],
])('%s', (_what, tool) => {
  expect(check(tool)).toMatchObject({ status: 0, stderr: '' });
});
