import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoUsers, signInAndConsent } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [, commands = ''] = /\*\*Be a machine\.\*\*.*?```sh\n(.*?)```/s.exec(readme) ?? [];

/** Runs the commands of the README. Returns what they write. */
async function beAMachine(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
  return stdout;
}

describe('"Be a machine" of the README', () => {
  it('names both servers', () => {
    expect(commands).toContain('AUTH=${AUTH:-http://localhost:3001} API=${API:-http://localhost:3002}');
    expect(commands).toContain('$AUTH/token');
    expect(commands).toContain('$API/v1/exports/contacts');
  });

  describe('after npm start', () => {
    let stack: Stack;

    beforeAll(async () => {
      stack = await startTemporaryStack();
    }, 120_000);
    afterAll(() => stack.stop());

    it('exports the contacts of all users', async () => {
      const browser = new Browser();
      await signInAndConsent(await browser.open(`${stack.urls.frontend}/contacts`), demoUsers.alice);
      const form = await browser.open(`${stack.urls.frontend}/contacts/new`);
      await form.submit('#save', { name: 'Grace Hopper' });
      const { provider, backend } = stack.urls;
      const script = commands
        .replaceAll('http://localhost:3001', provider)
        .replaceAll('http://localhost:3002', backend);
      expect(await beAMachine(script)).toContain('"name":"Grace Hopper"');
    });
  });
});
