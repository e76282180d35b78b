import { bearerChallenge, type ChallengeParameters, equalInConstantTime } from '@trefoil/oauth-protocol';
import { createHash, X509Certificate } from 'node:crypto';
import type { Introspection } from './introspected-tokens.js';

/** The answer to nginx, which has no body. */
export interface CheckResult {
  readonly status: 204 | 400 | 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
}

/** The request that nginx asks about. */
export interface CheckedRequest {
  readonly authorization: string | undefined;
  /** The certificate of the client in percent-encoded PEM, as nginx forwards it. */
  readonly certificate: string | undefined;
  /** The scope that the token must have. */
  readonly scope: string;
}

/** The API that the tokens must be for. */
export interface ProtectedApi {
  /** Its resource identifier, which is the audience of its tokens (RFC 8707 §2). */
  readonly resource: string;
  readonly realm: string;
}

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Checks the token of a request by introspection: that it is active, for this API and not another one, bound to the certificate
 * of the client if it is bound to one, and that it has the scope. `find` rejects when the provider does not answer.
 */
export async function checkToken(
  { authorization, certificate, scope }: CheckedRequest,
  { resource, realm }: ProtectedApi,
  find: (token: string) => Promise<Introspection>,
): Promise<CheckResult> {
  const refuse = (status: 400 | 401 | 403, parameters: ChallengeParameters = {}): CheckResult => ({
    status,
    headers: { 'WWW-Authenticate': bearerChallenge({ realm, ...parameters }) },
  });
  const invalid = (error_description: string) => refuse(401, { error: 'invalid_token', error_description });

  if (!/^Bearer(\s|$)/i.test(authorization ?? '')) return refuse(401);
  const [, token] = BEARER.exec(authorization ?? '') ?? [];
  if (token === undefined) return refuse(400, { error: 'invalid_request' });
  let found: Introspection;
  try {
    found = await find(token);
  } catch {
    return { status: 503, headers: { 'Retry-After': '2' } };
  }
  const { active, aud, cnf = {}, sub, client_id, exp } = found;
  if (!active || (exp !== undefined && exp * 1000 <= Date.now())) return invalid('the token is not active');
  if ([aud].flat().join(' ') !== resource) return invalid('the token is for another API');
  if (!isProven(cnf, certificate)) return invalid('the request does not prove the key that the token is bound to');
  if (!(found.scope ?? '').split(' ').includes(scope)) {
    const error_description = 'the token does not have the scope that this needs';
    return refuse(403, { error: 'insufficient_scope', error_description, scope });
  }
  return { status: 204, headers: { 'Token-Subject': sub ?? '', 'Token-Client': client_id ?? '' } };
}

/**
 * Returns whether a request proves what a token is bound to (RFC 8705 §3). A token with another confirmation, such as a DPoP
 * key, is refused, because its proof is not checked here.
 */
function isProven(cnf: object, certificate: string | undefined): boolean {
  const thumbprint = certificate === undefined ? undefined : thumbprintOf(certificate);
  return Object.entries(cnf).every(
    ([method, value]) =>
      method === 'x5t#S256' && thumbprint !== undefined && equalInConstantTime(String(value), thumbprint),
  );
}

function thumbprintOf(escapedPem: string): string | undefined {
  try {
    return createHash('sha256')
      .update(new X509Certificate(decodeURIComponent(escapedPem)).raw)
      .digest('base64url');
  } catch {
    return undefined;
  }
}
