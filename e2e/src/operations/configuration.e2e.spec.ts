import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const start = (app: string, environment: Record<string, string>) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(`../../../apps/${app}/dist/main.js`, import.meta.url))], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  });

describe.each([
  ['provider', ['PORT', 'ISSUER', 'DATABASE_URL', 'ENCRYPTION_KEY', 'GRANT_KEY']],
  ['backend', ['PORT', 'PUBLIC_URL', 'ISSUER', 'CLIENT_ID', 'CLIENT_CERTIFICATE_PATH', 'USER_CLIENTS', 'DATABASE_URL']],
  [
    'frontend',
    [
      'PORT',
      'PUBLIC_URL',
      'ISSUER',
      'CLIENT_ID',
      'CLIENT_CERTIFICATE_PATH',
      'BACKEND_URL',
      'DATABASE_URL',
      'ENCRYPTION_KEY',
    ],
  ],
])('the %s', (app, required) => {
  it('reports all missing variables at once, and exits with code 1', () => {
    const { status, stderr } = start(app, {});
    expect(status).toBe(1);
    for (const name of required) expect(stderr).toContain(`${name} is missing`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says what is wrong with a malformed variable', () => {
    const { status, stderr } = start(app, { PORT: '70000', ISSUER: 'auth.example.com', DATABASE_URL: 'mysql://x' });
    expect(status).toBe(1);
    expect(stderr).toContain('ISSUER must be an http or https URL');
    expect(stderr).toContain('DATABASE_URL must be a postgres:// URL');
    expect(stderr).toMatch(/PORT .*65535/);
  });
});
