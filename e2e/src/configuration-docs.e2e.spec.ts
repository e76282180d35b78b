import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

it('docs/configuration.md says what the schemas say', () => {
  const tool = fileURLToPath(new URL('../../tools/configuration-docs.mjs', import.meta.url));
  expect(spawnSync(process.execPath, [tool, '--check'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});
