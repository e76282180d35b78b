import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../tools/doctor.mjs', import.meta.url));

let stack: Stack;

beforeAll(async () => {
  stack = await startTemporaryStack({ https: true });
}, 120_000);
afterAll(() => stack.stop());

/** Runs `npm run doctor` for the stack. */
function examine(...options: string[]) {
  const { provider, frontend, backend } = stack.urls;
  const args = [provider, '--frontend', frontend, '--backend', backend, ...options];
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', timeout: 60_000 });
}

it('has no finding about the demo over HTTPS', () => {
  const { status, stdout, stderr } = examine('--ca', stack.pki?.root ?? '', '--json');
  expect({ status, stderr, findings: JSON.parse(stdout).findings }).toEqual({ status: 0, stderr: '', findings: [] });
  const skipped = JSON.parse(stdout).rules.filter(({ result }: { result: string }) => result === 'skipped');
  // Both would be wrong on localhost.
  expect(skipped.map(({ rule }: { rule: string }) => rule)).toEqual(['strict-transport', 'management-endpoints']);
});

it('finds that the development root is not trusted by default', () => {
  const { status, stdout } = examine();
  expect(status).toBe(1);
  expect(stdout).toContain('✗ certificate-trust (high)');
});
