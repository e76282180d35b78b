import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { demoUsers, describeWithChromium } from '@trefoil/testing';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

let stack: Stack;

beforeAll(async () => {
  stack = await startTemporaryStack({ https: true });
}, 120_000);
afterAll(() => stack.stop());

const root = () => stack.pki?.root ?? '';
const issuingAuthority = () => readFileSync(join(dirname(root()), 'issuing.pem'), 'utf8');

/** Reads a URL as a client that trusts the development root. Rejects with the code of the error of the connection. */
const read = (url: string, ca?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false, ...(ca && { ca }) }, (answer) => void text(answer).then(resolve, reject)).on(
      'error',
      reject,
    );
  });

describe('the three servers with certificates of the development PKI', () => {
  it.each(['provider', 'backend', 'frontend'] as const)(
    'the %s has a certificate that a client accepts only if it trusts the root',
    async (app) => {
      const url = `${stack.urls[app]}/health/ready`;
      expect(url).toMatch(/^https:/);
      expect(JSON.parse(await read(url, readFileSync(root(), 'utf8')))).toMatchObject({
        checks: { certificate: 'up' },
      });
      await expect(read(url)).rejects.toMatchObject({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    },
  );

  it('publish https endpoints only', async () => {
    const metadata = await read(
      `${stack.urls.provider}/.well-known/openid-configuration`,
      readFileSync(root(), 'utf8'),
    );
    expect(metadata.match(/http:\/\/[^"]*/g)).toBeNull();
  });
});

describeWithChromium(
  'the journey of a user over HTTPS',
  (newPage) => {
    it('signs in, adds a contact and signs out, with cookies that no other host can set (RFC 6265bis §4.1.3.2)', async () => {
      const { frontend } = stack.urls;
      const page = await newPage();
      await page.goto(`${frontend}/profile`);
      await page.fill('input[name=username]', demoUsers.alice.username);
      await page.fill('input[name=password]', demoUsers.alice.password);
      await page.click('#login');
      await page.click('#allow');
      await page.waitForURL(`${frontend}/profile`);
      expect(await page.locator('main').innerText()).toContain('alice@example.com');

      const cookies = await page.context().cookies();
      expect(cookies.length).toBeGreaterThanOrEqual(2);
      for (const { name, secure } of cookies) expect([name, secure]).toEqual([expect.stringMatching(/^__Host-/), true]);

      await page.goto(`${frontend}/contacts/new`);
      await page.fill('[name=name]', 'Grace Hopper');
      await page.click('#save');
      await page.waitForURL(/\/contacts\/[0-9a-f-]{36}/);

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${frontend}/**`);
      await page.goto(`${frontend}/profile`);
      expect(await page.locator('#login').count()).toBe(1);
    });
  },
  issuingAuthority,
);
