import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoUsers, signInAndConsent } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ComposeProject, hasDockerEngine } from './compose/compose-project.js';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [, commands = ''] = /\*\*Be a machine\.\*\*.*?```sh\n(.*?)```/s.exec(readme) ?? [];

/** Runs the commands of the README. Returns what they write. */
async function beAMachine(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
  return stdout;
}

describe('"Be a machine" of the README', () => {
  it('names both servers', () => {
    expect(commands).toContain('http://localhost:3001/token');
    expect(commands).toContain('http://localhost:3002/v1/exports/contacts');
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

  (hasDockerEngine ? describe : describe.skip)('after docker compose up', () => {
    const project = new ComposeProject('trefoil-test-demo', ['docker-compose.yml'], { TREFOIL_IMAGE: 'trefoil:test' });

    beforeAll(() => project.up(), 600_000);
    afterAll(() => project.down(), 120_000);

    it('exports the contacts of all users, with the ports of the README', async () => {
      // The names with which people open the servers resolve in browsers only, so this contact is added with SQL.
      const sql = `INSERT INTO contacts (id, owner, name, email, phone, company, notes, version)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'Grace Hopper', '', '', '', '', 1)`;
      await project.succeed('exec', '-T', 'postgres', 'psql', '-U', 'postgres', '-d', 'trefoil_backend', '-c', sql);
      expect(await beAMachine(commands)).toContain('"name":"Grace Hopper"');
    });

    it('publishes no port of the database', async () => {
      const { exitCode } = await project.run(['port', 'postgres', '5432']);
      expect(exitCode).not.toBe(0);
    });
  });
});
