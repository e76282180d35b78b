import { stackUrls } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readGuide, replaceValues } from './guide.js';

const readme = new URL('../../../README.md', import.meta.url);

it('the commands of the README under "Five things to try" do what it says', async () => {
  const blocks = replaceValues(readGuide(readme, 'Five things to try'), {
    'http://localhost:3001': stackUrls().provider,
    'http://localhost:3002': stackUrls().backend,
  });
  // In one shell, because the token of one block is used in the next one.
  const script = blocks.map(({ commands }) => commands).join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
  const [exported = '', ...refusals] = stdout.split('HTTP/1.1 ');
  // The contacts of all users, one on a line. There may be none yet.
  for (const line of exported.trim().split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('id');
  expect(refusals.map((refusal) => refusal.slice(0, 3))).toEqual(['403', '401']);
});
