import { codeChallengeOf, randomSecret } from '@trefoil/oauth-protocol';
import { TokenDerivation } from '@trefoil/token-issuance';
import type { EntityManager } from 'typeorm';
import { demoUsers } from '../demo/demo-data.js';
import type { Grant } from '../grants/grant.entity.js';
import type { GrantContent } from '../grants/grant-content.js';
import { Grants } from '../grants/grants.js';
import { Sessions } from '../sessions/sessions.js';
import { DEMO, type ProviderUnderTest } from './provider-under-test.js';

/** The `Authorization` header of the demo frontend. */
export const FRONTEND = basic('frontend', 'frontend-demo-secret');
/** The `Authorization` header of the demo backend. */
export const BACKEND = basic('backend', 'backend-demo-secret');
/** The `Authorization` header of the demo machine client. */
export const MARKETING_SYNC = basic('marketing-sync', 'marketing-sync-demo-secret');

/** Returns the `Authorization` header of a client with `client_secret_basic` (RFC 6749 §2.3.1). */
export function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

/** A response of a protocol endpoint. */
export interface ProtocolAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { access_token: string; refresh_token: string };
}

/** Posts a form to an endpoint of the provider. Returns the response with its JSON body. */
export async function post(
  { url }: ProviderUnderTest,
  path: string,
  parameters: Record<string, string> | [string, string][],
  authorization?: string,
  headers: Record<string, string> = {},
): Promise<ProtocolAnswer> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    headers: { ...(authorization && { authorization }), ...headers },
  });
  const text = await answer.text();
  const body = (text === '' ? {} : JSON.parse(text)) as ProtocolAnswer['body'];
  return { status: answer.status, headers: answer.headers, body };
}

/** Returns the payload of a JWT without verifying it. */
export function payloadOf(jwt: unknown): Record<string, unknown> {
  const [, payload = ''] = String(jwt).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

/** A grant with its authorization code and the parameters that redeem the code. */
export interface GivenGrant {
  readonly grant: Grant;
  readonly code: string;
  readonly codeVerifier: string;
  /** The parameters of the token request that redeems the code. */
  readonly redemption: Record<string, string>;
}

/**
 * Signs Alice in and creates a grant to the frontend; the overrides set another user, client or content.
 *
 * @param transaction the transaction in which the grant is inserted.
 */
export async function givenGrant(
  { app }: ProviderUnderTest,
  overrides: Partial<GrantContent> = {},
  transaction?: EntityManager,
): Promise<GivenGrant> {
  const [alice] = demoUsers;
  if (!alice) throw new Error('the demo has no users');
  const { session } = await app.get(Sessions).start(overrides.userId ?? alice.id, ['pwd'], null, {});
  const codeVerifier = randomSecret();
  const content = {
    clientId: 'frontend',
    userId: alice.id,
    sessionId: session.id,
    scopes: ['openid', 'email', 'account:read', 'contacts:read'],
    resources: [DEMO.backend],
    redirectUri: `${DEMO.frontend}/callback`,
    codeChallenge: codeChallengeOf(codeVerifier),
    nonce: 'n-0S6_WzA2Mj',
    authenticatedAt: session.authenticatedAt,
    amr: session.amr,
    codeLifetime: 60,
    expiresAt: session.expiresAt,
    ...overrides,
  };
  const grant = await app.get(Grants).insert(content, transaction);
  const code = app.get(TokenDerivation).code(grant);
  const redemption = {
    grant_type: 'authorization_code',
    code,
    code_verifier: codeVerifier,
    redirect_uri: grant.redirectUri ?? '',
  };
  return { grant, code, codeVerifier, redemption };
}
