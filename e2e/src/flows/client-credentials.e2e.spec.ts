import { stackUrls } from '@trefoil/testing';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { callBackend } from '../clients/demo-clients.js';

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../../examples/marketing-sync/dist/main.js', import.meta.url));

async function machineToken(secret = 'marketing-sync-demo-secret', scope = 'contacts:export') {
  const answer = await fetch(`${stackUrls().provider}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`marketing-sync:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  return { status: answer.status, body: (await answer.json()) as { access_token: string; error?: string } };
}

describe('a machine client', () => {
  it('gets a token with its secret, and reads the export as NDJSON', async () => {
    const { body } = await machineToken();
    const answer = await callBackend('/v1/exports/contacts', `Bearer ${body.access_token}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    for (const line of (await answer.text()).split('\n').filter(Boolean)) {
      expect(JSON.parse(line)).toHaveProperty('owner');
    }
  });

  it('gets 401 invalid_client with a wrong secret (RFC 6749 §5.2)', async () => {
    const { status, body } = await machineToken('wrong');
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });

  it('gets 403 insufficient_scope for data of a user (RFC 6750 §3.1)', async () => {
    const { body } = await machineToken();
    const answer = await callBackend('/v1/contacts', `Bearer ${body.access_token}`);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it('exists as an example that reads the export twice with one token', async () => {
    const environment = { ISSUER: stackUrls().provider, BACKEND_URL: stackUrls().backend };
    const { stdout } = await run(process.execPath, [example], { env: { ...process.env, ...environment } });
    expect(stdout.match(/token requests so far: 1;/g)).toHaveLength(2);
  });
});
