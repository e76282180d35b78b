import { fileURLToPath } from 'node:url';
import { parseCommandLine } from './command-line.js';
import { runDoctor } from './run-doctor.js';

async function run(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const written = { out: '', errors: '' };
  const code = await runDoctor(args, {
    write: (text) => (written.out += text),
    note: (text) => (written.errors += text),
  });
  return { code, ...written };
}

const noCertificate = fileURLToPath(new URL('./command-line.spec.ts', import.meta.url));

it('reads the servers and the outputs', () => {
  const args = ['https://auth.example.com', '--backend', 'https://api.example.com', '--json', '--report', 'a.html'];
  expect(parseCommandLine(args)).toMatchObject({
    target: { issuer: 'https://auth.example.com', backend: 'https://api.example.com' },
    json: true,
    report: 'a.html',
  });
});

it.each([
  [[], 'The issuer is missing.'],
  [['auth.example.com'], 'The issuer is "auth.example.com".'],
  [['https://auth.example.com/?a=b'], 'It must be an http or https URL without a query.'],
  [['https://auth.example.com', 'https://api.example.com'], 'is one argument too many.'],
  [['https://auth.example.com', '--frontend', 'app'], '--frontend is "app".'],
  [['https://auth.example.com', '--ca', '/nowhere.pem'], '/nowhere.pem cannot be read'],
  [['https://auth.example.com', '--ca', noCertificate], 'contains no certificate.'],
  [['https://auth.example.com', '--colour'], "Unknown option '--colour'"],
])('refuses %j with exit code 2 and the usage', async (args, reason) => {
  const { code, out, errors } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(errors).toContain(reason);
  expect(errors).toContain('Usage: npm run doctor');
});

it('says with exit code 2 that an issuer cannot be reached', async () => {
  const { code, errors } = await run('http://localhost:1');
  expect(code).toBe(2);
  expect(errors).toContain('http://localhost:1 publishes no metadata, so it cannot be examined.');
  expect(errors).toContain('failed with ECONNREFUSED');
});

it('writes errors as JSON for scripts', async () => {
  const { errors } = await run('--json');
  expect(JSON.parse(errors)).toMatchObject({ error: 'usage' });
  expect(JSON.parse((await run('--json', 'http://localhost:1')).errors)).toMatchObject({ error: 'unreachable' });
});

it('shows its usage and its exit codes', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out).toContain('Exit codes: 0 no finding, 1 findings, 2');
});
