import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.js';

/** Opens a page in a profile of its own: no cookies of an earlier one. */
export type NewPage = () => Promise<Page>;

/** Describes tests that need a real browser; they are skipped, and say so, where no Chromium is installed. */
export function describeWithChromium(name: string, tests: (newPage: NewPage) => void): void {
  const executablePath = findChromium();
  if (!executablePath) {
    describe.skip(`${name} (no Chromium: install one, or name it in CHROMIUM_PATH)`, () => tests(unavailable));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium(executablePath);
    }, 60_000);
    afterAll(() => browser.close());
    tests(async () => (await browser.newContext()).newPage());
  });
}

async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's sandbox cannot be had by root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function unavailable(): Promise<Page> {
  return Promise.reject(new Error('There is no Chromium'));
}
