import { fastify } from 'fastify';
import { jwtVerify } from 'jose';
import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { Pool } from 'pg';

const { PORT = '', DATABASE_URL = '' } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, max: 10 });
// Without a listener, the end of the database would be an unhandled error.
pool.on('error', () => undefined);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = createPublicKey(privateKey);
const HEADER = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'limit' })).toString('base64url');

/** Returns an access token with the claims that a machine token needs. */
function signedToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'http://localhost', aud: 'http://localhost/api', sub: 'machine', client_id: 'machine' };
  const payload = { ...claims, scope: 'contacts:export', jti: randomUUID(), iat: now, exp: now + 3600 };
  const content = `${HEADER}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

await pool.query(`
  CREATE SCHEMA IF NOT EXISTS peer;
  CREATE TABLE IF NOT EXISTS peer.counters (id integer PRIMARY KEY, value integer NOT NULL);
  INSERT INTO peer.counters SELECT id, 0 FROM generate_series(0, 9999) AS id ON CONFLICT DO NOTHING`);

const server = fastify();
server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, body),
);
server.get('/live', () => ({ status: 'up' }));
server.get('/token', () => ({ access_token: signedToken() }));
server.post('/sign', () => ({ access_token: signedToken(), token_type: 'Bearer', expires_in: 3600 }));
server.get('/verify', async (request) => {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const { payload } = await jwtVerify(token, publicKey, { audience: 'http://localhost/api', typ: 'at+jwt' });
  return { sub: payload.sub };
});
server.post('/update', async () => {
  const { rows } = await pool.query<{ value: number }>({
    name: 'limit-update',
    text: 'UPDATE peer.counters SET value = value + 1 WHERE id = $1 RETURNING value',
    values: [Math.floor(Math.random() * 10_000)],
  });
  return { value: rows[0]?.value };
});
server.post('/select', async () => {
  const { rows } = await pool.query<{ value: number }>({
    name: 'limit-select',
    text: 'SELECT value FROM peer.counters WHERE id = $1',
    values: [Math.floor(Math.random() * 10_000)],
  });
  return { value: rows[0]?.value };
});
await server.listen({ port: Number(PORT), host: 'localhost' });
process.stdin.resume().once('end', () => process.exit());
