import { testDatabase } from '@trefoil/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let directory: string;
let frontend: FrontendUnderTest;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trefoil-spa-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<script type="module" src="/app/assets/main-1.js"></script>');
  writeFileSync(join(directory, 'assets', 'main-1.js'), 'export {};');
  writeFileSync(join(directory, 'assets', 'main-1.js.map'), '{}');
  frontend = await FrontendUnderTest.start(await testDatabase(), { SPA_DIRECTORY: directory });
});
afterAll(async () => {
  await frontend.stop();
  rmSync(directory, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${frontend.url}${path}`, { headers, redirect: 'manual' });

describe('a single-page app', () => {
  it.each(['/app/', '/app/contacts/7'])('is the page at %s, because its router knows the paths', async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain('main-1.js');
  });

  it('runs only its own scripts, which connect only to this server', async () => {
    const policy = (await get('/app/')).headers.get('content-security-policy');
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(directive);
    }
  });

  it('has files that caches may keep for ever, because their names contain a hash', async () => {
    const answer = await get('/app/assets/main-1.js');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const again = await get('/app/assets/main-1.js', { 'If-None-Match': answer.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it.each(['/app/assets/main-2.js', '/app/assets/main-1.js.map', '/app/../package.json', '/app/..%2fpackage.json'])(
    'has no file %s',
    async (path) => expect((await get(path)).status).toBe(404),
  );

  it('is found without the slash at the end', async () => {
    expect((await get('/app')).headers.get('location')).toBe('/app/');
  });
});
