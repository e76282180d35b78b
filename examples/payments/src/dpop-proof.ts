// Prints a DPoP proof for curl: <method> <url> [access token]. Creates the key in DPOP_KEY_FILE when the file is missing.
import { sha256 } from '@trefoil/oauth-protocol';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const ALGORITHM = 'ES256';
const { DPOP_KEY_FILE = '.local/dpop-key.json' } = process.env;
const [method, url, accessToken] = process.argv.slice(2);

/** Reads the key, or creates it. Only its owner can read the file. */
async function readKey(): Promise<JWK> {
  if (existsSync(DPOP_KEY_FILE)) return JSON.parse(readFileSync(DPOP_KEY_FILE, 'utf8')) as JWK;
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  writeFileSync(DPOP_KEY_FILE, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}

if (method === undefined || url === undefined) {
  process.stderr.write('Give a method and a URL, and an access token if there is one.\n');
  process.exitCode = 2;
} else {
  const { d: _private, ...publicJwk } = await readKey();
  const claims = {
    htm: method,
    htu: url,
    jti: randomUUID(),
    ...(accessToken !== undefined && { ath: sha256(accessToken).toString('base64url') }),
  };
  const proof = await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'dpop+jwt', jwk: publicJwk })
    .setIssuedAt()
    .sign(await importJWK(await readKey(), ALGORITHM));
  process.stdout.write(proof);
}
