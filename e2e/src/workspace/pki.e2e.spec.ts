import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyOfWorkspace, type WorkspaceCopy } from './workspace-copy.js';

let copy: WorkspaceCopy;

beforeAll(() => {
  copy = copyOfWorkspace();
}, 120_000);
afterAll(() => copy.delete());

describe('npm run pki', () => {
  it('writes the certificates once, and says how each system can trust the root', () => {
    const file = (name: string) => join(copy.root, '.local', 'pki', name);
    const written = copy.run('tools/pki.mjs');
    for (const name of ['root.pem', 'issuing.pem', 'provider/server.pem', 'frontend/client.pem']) {
      expect(written).toContain(file(name));
      expect(existsSync(file(name))).toBe(true);
    }
    expect(copy.run('tools/pki.mjs')).toContain('Every certificate is there');
    const advice = copy.run('tools/pki.mjs', 'trust');
    for (const system of ['macOS', 'Windows', 'Debian', 'Fedora', 'Chromium', 'Firefox', 'Node', 'curl']) {
      expect(advice).toMatch(new RegExp(`^${system}\\b.*`, 'm'));
    }
    expect(advice.split(file('root.pem')).length).toBeGreaterThan(7);
    expect(copy.status()).toBe('');
  }, 120_000);

  it('refuses an unknown argument', () => {
    expect(() => copy.run('tools/pki.mjs', 'forget')).toThrow('exit code 2:\nUsage: npm run pki');
  });
});
