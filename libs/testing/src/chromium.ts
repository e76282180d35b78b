import { createHash, X509Certificate } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { findChromium } from './find-chromium.js';

/** Opens a page in a new browser context, which shares no cookies with earlier pages. */
export type NewPage = () => Promise<Page>;

/**
 * Describes tests that need Chromium. Without Chromium they are skipped, and their name says why.
 *
 * @param trustedAuthority returns the certificate, PEM, of an authority that Chromium trusts in addition to its own list.
 */
export function describeWithChromium(
  name: string,
  tests: (newPage: NewPage) => void,
  trustedAuthority?: () => string,
): void {
  const executablePath = findChromium();
  if (!executablePath) {
    describe.skip(`${name} (no Chromium: install one, or name it in CHROMIUM_PATH)`, () => tests(unavailable));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium(executablePath, trustedAuthority?.());
    }, 60_000);
    afterAll(() => browser.close());
    tests(async () => (await browser.newContext()).newPage());
  });
}

async function launchChromium(executablePath: string, authority?: string): Promise<Browser> {
  // Loaded on demand, because most tests need no browser.
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's sandbox does not run as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(authority === undefined ? [] : [`--ignore-certificate-errors-spki-list=${keyHashOf(authority)}`]),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Returns the SHA-256 hash, base64, of the public key of a certificate. */
function keyHashOf(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

function unavailable(): Promise<Page> {
  return Promise.reject(new Error('No Chromium was found. Install one, or name it in CHROMIUM_PATH.'));
}
