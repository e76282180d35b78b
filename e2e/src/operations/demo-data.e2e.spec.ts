import { stackDatabaseUrls } from '@trefoil/testing';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const seed = fileURLToPath(new URL('../../../apps/provider/dist/seed.js', import.meta.url));

it('the seed refuses to create demo data in production', () => {
  const { status, stderr } = spawnSync(process.execPath, [seed], {
    env: {
      NODE_ENV: 'production',
      ISSUER: 'https://auth.example.com',
      DATABASE_URL: stackDatabaseUrls().provider,
      DEMO_FRONTEND_URL: 'https://app.example.com',
      DEMO_BACKEND_URL: 'https://api.example.com',
    },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('refused when NODE_ENV is production');
});
