import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkList } from '../check-list.js';
import { observe } from '../observations/observe.js';
import { runDoctor } from '../run-doctor.js';
import { answer } from '../testing/observations.js';
import { page } from '../testing/replies.js';
import { createAuthorities, type SmallInstallation, startSmallInstallation } from '../testing/small-installation.js';
import { htmlReport } from './html-report.js';
import { jsonReport } from './json-report.js';
import { findingsIn, judge } from './report.js';
import { textReport } from './text-report.js';

const HOSTILE = '<script>alert(1)</script>\u001b[2J';

let installation: SmallInstallation;
let folder: string;

// The example of docs/doctor.md: two faults.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trefoil-doctor-'));
  installation = await startSmallInstallation(await createAuthorities(), {
    metadata: () => ({ authorization_response_iss_parameter_supported: false }),
    routes: { 'GET /login': page(200, 'Sign in', { 'set-cookie': ['session=1; Path=/; HttpOnly; SameSite=Lax'] }) },
  });
});
afterAll(() => {
  installation.close();
  rmSync(folder, { recursive: true });
});

async function run(...options: string[]): Promise<string> {
  let out = '';
  const output = { write: (text: string) => void (out += text), note: () => {} };
  expect(await runDoctor([...installation.args, ...options], output)).toBe(1);
  return out;
}

/** Returns a text with the ports of `npm start` in place of those of this run. */
function withUsualPorts(text: string): string {
  const { provider, backend, frontend } = installation.urls;
  return text
    .replaceAll(provider, 'https://localhost:3001')
    .replaceAll(backend, 'https://localhost:3002')
    .replaceAll(frontend, 'https://localhost:3000');
}

const documentation = readFileSync(new URL('../../../../docs/doctor.md', import.meta.url), 'utf8');

it('prints what docs/doctor.md shows', async () => {
  const [, example] = /```text\n([^]*?)```/.exec(documentation) ?? [];
  expect(withUsualPorts(await run()).trimEnd()).toBe(example?.trimEnd());
});

it('has the rules that docs/doctor.md lists', () => {
  const listed = [...documentation.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)].map((row) => row.slice(1));
  expect(listed).toEqual(checkList.map(({ rule, title, source }) => [rule, title, source]));
});

it('prints the findings and the result of each rule as JSON', async () => {
  const report: unknown = JSON.parse(await run('--json'));
  expect(report).toMatchObject({
    issuer: installation.urls.provider,
    findings: [
      { rule: 'cookies', severity: 'high', source: expect.stringContaining('RFC 6265bis') },
      { rule: 'issuer-in-responses', severity: 'medium' },
    ],
  });
  const { rules } = report as { rules: { rule: string; result: string }[] };
  expect(rules.map(({ rule }) => rule)).toEqual(checkList.map(({ rule }) => rule));
  expect(rules.filter(({ result }) => result === 'failed').map(({ rule }) => rule)).toEqual([
    'issuer-in-responses',
    'cookies',
  ]);
});

it('writes a page with every rule, its source and its result, which runs no script and loads nothing', async () => {
  const file = join(folder, 'report.html');
  await run('--report', file);
  const html = readFileSync(file, 'utf8');
  expect(html).not.toMatch(/<script|<link|<img|\son\w+=|src=|href=/);
  expect(html.match(/<td class="(?:passed|failed|skipped)">/g)).toHaveLength(checkList.length);
  for (const { rule } of checkList) expect(html).toContain(`<code>${rule}</code>`);
  expect(html).toContain(`<dd>${installation.urls.provider}</dd>`);
  expect(html).toMatch(/<dt>time<\/dt><dd>\d{4}-\d\d-\d\dT[\d:.]+Z<\/dd>/);
});

it('shows what servers send as text, in the terminal and in the page', async () => {
  const observations = await observe({ issuer: installation.urls.provider }, []);
  const hostile = {
    ...observations,
    metadata: { ...observations.metadata, grant_types_supported: ['password', HOSTILE] },
  };
  const report = judge(hostile);
  expect(findingsIn(report).some(({ evidence }) => evidence.includes(HOSTILE))).toBe(true);
  expect(htmlReport(report)).not.toContain('<script>');
  expect(htmlReport(report)).toContain('&lt;script&gt;');
  expect(textReport(report)).not.toContain('\u001b');
});

it('prints the advice of a rule once, also when several places break it', async () => {
  const observations = await observe({ issuer: installation.urls.provider }, []);
  const grants = { grant_types_supported: ['implicit', 'password'] };
  const text = textReport(judge({ ...observations, metadata: { ...observations.metadata, ...grants } }));
  expect(text.match(/What {6}The metadata offers the grant type/g)).toHaveLength(2);
  expect(text.match(/Fix {7}Remove the grant/g)).toHaveLength(1);
});

it('keeps the values of cookies and of private keys out of reports', async () => {
  expect(await run('--json')).not.toContain('session=1');
  const observations = await observe({ issuer: installation.urls.provider }, []);
  const keys = [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'value-of-the-private-key' }];
  const visit = answer({ url: 'https://localhost/jwks' }, { body: JSON.stringify({ keys }) });
  const endpoints = observations.endpoints.map((entry) => (entry.name === 'jwks_uri' ? { ...entry, visit } : entry));
  const report = judge({ ...observations, endpoints });
  expect(findingsIn(report).map(({ rule }) => rule)).toContain('keys-public');
  for (const text of [jsonReport(report), htmlReport(report), textReport(report)]) {
    expect(text).not.toContain('value-of-the-private-key');
  }
});
