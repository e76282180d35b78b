import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runTrefoil } from '../operations/run-trefoil.js';

const script = fileURLToPath(new URL('../../../tools/doctor.mjs', import.meta.url));

let stack: Stack;

beforeAll(async () => {
  stack = await startTemporaryStack({ https: true });
}, 120_000);
afterAll(() => stack.stop());

const root = () => stack.pki?.root ?? '';

/** Runs `npm run doctor` for the stack. */
function examine(options: string[], environment: NodeJS.ProcessEnv = {}) {
  const { provider, frontend, backend } = stack.urls;
  const args = [provider, '--frontend', frontend, '--backend', backend, ...options];
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', timeout: 60_000, env });
}

const skippedIn = (stdout: string) =>
  JSON.parse(stdout)
    .rules.filter(({ result }: { result: string }) => result === 'skipped')
    .map(({ rule }: { rule: string }) => rule);

/** Returns an access token of a new machine client for the admin API. */
async function adminToken(): Promise<string> {
  const options = ['--name', 'Doctor', '--grant-type', 'client_credentials', '--scope', 'admin:read', '--json'];
  const { out } = await runTrefoil(stack, 'client', 'create', '--id', 'doctor', ...options);
  const { client_secret } = JSON.parse(out);
  const body = 'grant_type=client_credentials&scope=admin:read';
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
    const options = { method: 'POST', ca: readFileSync(root()), auth: `doctor:${client_secret}`, headers };
    request(`${stack.urls.provider}/token`, options, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
      .end(body);
  });
  return JSON.parse(answer).access_token;
}

it('has no finding about the demo over HTTPS', () => {
  const { status, stdout, stderr } = examine(['--ca', root(), '--json']);
  expect({ status, stderr, findings: JSON.parse(stdout).findings }).toEqual({ status: 0, stderr: '', findings: [] });
  // The first two would be wrong on localhost, the others need a token.
  const forClients = ['client-redirect-uris', 'client-profiles', 'client-secrets'];
  expect(skippedIn(stdout)).toEqual(['strict-transport', 'management-endpoints', ...forClients]);
});

it('has no finding about the clients of the demo, which it reads by the admin API', async () => {
  const { status, stdout } = examine(['--ca', root(), '--json'], { DOCTOR_TOKEN: await adminToken() });
  expect({ status, findings: JSON.parse(stdout).findings }).toEqual({ status: 0, findings: [] });
  expect(skippedIn(stdout)).toEqual(['strict-transport', 'management-endpoints']);
});

it('finds that the development root is not trusted by default', () => {
  const { status, stdout } = examine([], { NODE_EXTRA_CA_CERTS: '' });
  expect(status).toBe(1);
  expect(stdout).toContain('✗ certificate-trust (high)');
});
