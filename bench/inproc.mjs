import { startPostgres, createDatabases, makeTemporaryDirectory, removeTemporaryDirectory } from '@trefoil/local-stack';
import { pathToFileURL } from 'node:url';
const root = process.argv[2];
const { startProvider } = await import(pathToFileURL(`${root}/apps/provider/dist/testing/provider-under-test.js`).href);
const dir = await makeTemporaryDirectory();
const pg = await startPostgres({ directory: dir + '/pg', durable: false });
let pg1;
try {
  const { default: { Client } } = await import('pg');
  const admin = new Client({ connectionString: pg.adminUrl }); await admin.connect(); await admin.query('create database p'); await admin.end();
  const url = pg.adminUrl.replace(/\/postgres$/, '/p');
  const p = await startProvider(url, { AUTHORIZATION_REQUESTS_PER_ADDRESS: '1000000', LOG_LEVEL: 'fatal' });
  const app = p.app;
  const N = Number(process.argv[3] ?? 400);
  const basic = (a, b) => 'Basic ' + Buffer.from(`${a}:${b}`).toString('base64');
  const form = (auth, o) => ({ method: 'POST', url: '/token', headers: { authorization: auth, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(o).toString() });
  const { Grants } = await import(pathToFileURL(`${root}/apps/provider/dist/grants/grants.js`).href);
  const { TokenDerivation } = await import('@trefoil/token-issuance');
  const { Sessions } = await import(pathToFileURL(`${root}/apps/provider/dist/sessions/sessions.js`).href);
  const { Consents } = await import(pathToFileURL(`${root}/apps/provider/dist/grants/consents.js`).href);
  const alice = 'a11ce000-0000-4000-8000-000000000001';
  const { session, secret } = await app.get(Sessions).start(alice, ['pwd'], null, {});
  const scopes = ['openid', 'offline_access', 'contacts:read'];
  await app.get(Consents).add(alice, 'frontend', scopes);
  const { createHash } = await import('node:crypto');
  const verifier = 'v'.repeat(50); const challenge = createHash('sha256').update(verifier).digest('base64url');
  const client = await p.dataSource.query("select redirect_uris from clients where client_id='frontend'");
  const redirect = client[0].redirect_uris[0];
  const signIn = async () => {
    const q = new URLSearchParams({ client_id: 'frontend', response_type: 'code', redirect_uri: redirect, scope: scopes.join(' '), state: 's', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256' });
    const r = await app.inject({ url: `/authorize?${q}`, headers: { cookie: `trefoil_provider_session=${secret}` } });
    const code = new URL(r.headers.location, p.url).searchParams.get('code');
    if (!code) throw new Error(r.statusCode + ' ' + r.headers.location + r.body);
    const t = await app.inject(form(basic('frontend', 'frontend-demo-secret'), { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier }));
    if (t.statusCode !== 200) throw new Error(t.body);
    return t.json();
  };
  let token = (await signIn()).refresh_token;
  const access = (await signIn()).access_token;
  const steps = {
    live: () => app.inject('/health/live'),
    cc: async () => { const r = await app.inject(form(basic('marketing-sync', 'marketing-sync-demo-secret'), { grant_type: 'client_credentials', scope: 'contacts:export' })); if (r.statusCode !== 200) throw new Error(r.body); },
    refresh: async () => { const r = await app.inject(form(basic('frontend', 'frontend-demo-secret'), { grant_type: 'refresh_token', refresh_token: token })); if (r.statusCode !== 200) throw new Error(r.body); token = r.json().refresh_token; },
    signin: signIn,
    introspect: async () => { const r = await app.inject({ ...form(basic('backend', 'backend-demo-secret'), { token: access }), url: '/introspect' }); if (!r.json().active) throw new Error(r.body); },
  };
  for (const [name, step] of Object.entries(steps)) {
    const n = name === 'live' || name === 'cc' ? 3 * N : N;
    for (let i = 0; i < n; i++) await step();
    let best = Infinity;
    for (let r = 0; r < 2; r++) { const a = process.cpuUsage(); for (let i = 0; i < n; i++) await step(); const b = process.cpuUsage(a); best = Math.min(best, (b.user + b.system) / n); }
    console.error(name, best.toFixed(0), 'us');
  }
  await p.stop();
} finally { await pg.stop(); removeTemporaryDirectory(dir); process.exit(0); }
