import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppFiles } from './app-files.js';

it('a single-page app is refused at the start when its folder has no page, and is not there without a folder', () => {
  const directory = mkdtempSync(join(tmpdir(), 'trefoil-spa-'));
  expect(() => new AppFiles({ SPA_DIRECTORY: directory })).toThrow('SPA_DIRECTORY has no index.html');
  rmSync(directory, { recursive: true });
  expect(new AppFiles({ SPA_DIRECTORY: undefined }).index).toBeUndefined();
});
