import { resolve } from 'node:path';
import { startEchoApi } from './echo-api.js';
import { findNginx, startNginx, stopNginx } from './nginx.js';
import { startTokenCheck } from './token-check/token-check-server.js';

// The defaults are those of `npm start` and of docs/examples/gateway.md.
const {
  ISSUER = 'http://localhost:3001',
  BACKEND_URL = 'http://localhost:3002',
  CLIENT_ID = 'gateway',
  CLIENT_SECRET = 'gateway-example-secret',
  RESOURCE = 'https://invoices.example',
  GATEWAY_PORT = '8443',
  GATEWAY_ADDRESS = '127.0.0.2',
  TOKEN_CHECK_PORT = '8444',
  API_PORT = '8445',
  PKI = '.local/pki',
  GATEWAY_DIRECTORY = '.local/gateway',
} = process.env;

async function start(): Promise<void> {
  const program = findNginx();
  if (program === undefined) {
    throw new Error('nginx was not found. Install it (Debian: nginx-light), or set NGINX_PATH to its path.');
  }
  const api = await startEchoApi(Number(API_PORT));
  const client = { issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  const check = await startTokenCheck(Number(TOKEN_CHECK_PORT), client, { resource: RESOURCE, realm: 'invoices' });
  const nginx = startNginx(program, resolve(GATEWAY_DIRECTORY), {
    PORT: GATEWAY_PORT,
    ADDRESS: GATEWAY_ADDRESS,
    // The gateway answers in the name of the backend.
    CERTIFICATE: resolve(PKI, 'backend/server.pem'),
    KEY: resolve(PKI, 'backend/server.key'),
    CLIENT_AUTHORITIES: resolve(PKI, 'root.pem'),
    // nginx cannot reach an IPv6 address from that of ADDRESS.
    PROVIDER: ISSUER.replace('//localhost', '//127.0.0.1'),
    BACKEND: BACKEND_URL.replace('//localhost', '//127.0.0.1'),
    TOKEN_CHECK: `http://127.0.0.1:${TOKEN_CHECK_PORT}`,
    API: `http://127.0.0.1:${API_PORT}`,
  });
  process.stdout.write(`The gateway listens on https://localhost:${GATEWAY_PORT}. Ctrl-C stops it.\n`);
  const stop = async () => {
    await stopNginx(nginx);
    check.close();
    api.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  nginx.once('exit', (code) => {
    process.exitCode = code ?? 0;
    void stop();
  });
}

try {
  await start();
} catch (error) {
  process.stderr.write(`The gateway did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
