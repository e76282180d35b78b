// @ts-check
// A resource server in plain Node. It verifies access tokens (RFC 9068), asks the provider whether they were revoked (RFC 7662), and
// answers with the challenges of RFC 6750. docs/other-languages.md explains it.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const { PORT = '3010', ISSUER = '', AUDIENCE = '', CLIENT_ID = '', CLIENT_SECRET = '' } = process.env;
/** The scopes that the routes need. */
const ROUTES = new Map([
  ['/contacts', 'contacts:export'],
  ['/reports', 'reports:read'],
]);
const ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'];
/** The milliseconds for which the answer to an introspection is kept, and the most answers that are kept. */
const KEPT_MILLISECONDS = 1000;
const MOST_ANSWERS = 10_000;

/** An error that is answered with a challenge. Without a code, the caller sent no token (RFC 6750 §3.1). */
class Challenge extends Error {
  /** @param {number} status @param {string} [code] @param {string} [description] @param {string} [scope] */
  constructor(status, code, description, scope) {
    super(description);
    const parameters = { realm: 'example', error: code, error_description: description, scope };
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
    this.status = status;
    this.challenge = `Bearer ${given.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
  }
}

const metadata = await readMetadata();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: 2000 });

/** Reads the metadata of the provider (RFC 8414 §3). */
async function readMetadata() {
  const response = await fetch(`${ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const found = await response.json();
  // Otherwise one provider could speak for another (RFC 8414 §3.3).
  if (found.issuer !== ISSUER) throw new Error(`The metadata names another issuer: ${found.issuer}`);
  return found;
}

/** Returns the token in the `Authorization` header (RFC 6750 §2.1). @param {import('node:http').IncomingMessage} request */
function tokenOf({ headers: { authorization = '' } }) {
  if (!/^bearer(\s|$)/i.test(authorization)) throw new Challenge(401);
  const [, token] = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization) ?? [];
  if (!token) throw new Challenge(400, 'invalid_request', 'the Authorization header is malformed');
  return token;
}

/** Verifies a token, except whether it was revoked (RFC 9068 §4). @param {string} token */
async function verify(token) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      algorithms: ALGORITHMS,
      clockTolerance: 30,
      requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
    });
    // A token for several servers could be replayed by one of them at another (RFC 9068 §5).
    if ([payload.aud].flat().length !== 1)
      throw new Challenge(401, 'invalid_token', 'the token is for other servers too');
    // This server checks neither DPoP proofs nor client certificates, so it must not accept tokens that need them (RFC 7800 §3.1).
    if (payload.cnf !== undefined) throw new Challenge(401, 'invalid_token', 'the token is bound to a key');
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) throw error;
    throw new Challenge(401, 'invalid_token', 'the token is not valid');
  }
}

/** @type {Map<string, { active: Promise<boolean>, until: number }>} The answers, in the order in which they were asked for. */
const answers = new Map();

/** Returns whether the provider still accepts a token (RFC 7662 §2). Keeps each answer for a second. @param {string} token */
function isActive(token) {
  const key = createHash('sha256').update(token).digest('base64url');
  const known = answers.get(key);
  if (known && known.until > Date.now()) return known.active;
  const active = introspect(token);
  answers.delete(key);
  answers.set(key, { active, until: Date.now() + KEPT_MILLISECONDS });
  active.catch(() => answers.delete(key));
  for (const oldest of answers.keys()) if (answers.size > MOST_ANSWERS) answers.delete(oldest);
  return active;
}

/** @param {string} token */
async function introspect(token) {
  // RFC 6749 §2.3.1: both parts are encoded as in a form.
  const credentials = [CLIENT_ID, CLIENT_SECRET].map(encodeURIComponent).join(':');
  const response = await fetch(metadata.introspection_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ token }),
    signal: AbortSignal.timeout(2000),
  });
  if (!response.ok) throw new Error(`the introspection was answered with ${response.status}`);
  return (await response.json()).active === true;
}

createServer(async (request, response) => {
  const send = (/** @type {number} */ status, /** @type {object} */ body, headers = {}) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  try {
    const scope = ROUTES.get(request.url ?? '');
    if (scope === undefined) return send(404, { title: 'Not Found' });
    const token = tokenOf(request);
    const claims = await verify(token);
    if (!(await isActive(token))) throw new Challenge(401, 'invalid_token', 'the token has been revoked');
    if (
      !String(claims.scope ?? '')
        .split(' ')
        .includes(scope)
    ) {
      throw new Challenge(403, 'insufficient_scope', 'the token does not have the scope that this needs', scope);
    }
    send(200, { sub: claims.sub, client_id: claims.client_id });
  } catch (error) {
    if (error instanceof Challenge)
      return send(error.status, { title: error.message }, { 'WWW-Authenticate': error.challenge });
    // The keys or the introspection are not available. The token may be valid.
    send(503, { title: 'Service Unavailable' }, { 'Retry-After': '5' });
  }
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
