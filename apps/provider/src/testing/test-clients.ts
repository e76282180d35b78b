import { GRANT_TYPE, randomSecret, sha256, type SigningAlgorithm, usesClientSecret } from '@trefoil/oauth-protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { blankClient } from '../setup/registrations.js';
import { ClientSecret } from '../clients/secrets/client-secret.entity.js';
import { Client } from '../clients/client.entity.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { basic } from './token-requests.js';

/** The key pair of a client. */
export interface ClientKey {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** The redirect URI of test clients. No server listens there. */
export const CLIENT_CALLBACK = 'https://client.example/callback';

/** A registered client and its credentials. */
export interface TestClient {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly row: Client;
  /** The client secret; empty if the client does not authenticate with one. */
  readonly secret: string;
  /** The `Authorization` header of a client with `client_secret_basic`. */
  readonly authorization: string | undefined;
  /** The key pair of the client; an ES256 key unless {@link ClientOptions.key} is set. */
  readonly key: ClientKey;
  /** Returns the body parameters that authenticate the client: its id, and its secret or a new assertion. */
  credentials(): Promise<Record<string, string>>;
}

/** The options of {@link givenClient}. Any column of the client can be set. */
export type ClientOptions = Partial<Omit<Client, 'secrets' | 'createdAt' | 'updatedAt'>> & {
  readonly profile?: Client['securityProfile'];
  readonly method?: Client['tokenEndpointAuthMethod'];
  readonly key?: ClientKey;
};

/** Generates a key pair of a client. */
export async function givenKey(algorithm: SigningAlgorithm = 'ES256'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const bare = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(bare);
  return { algorithm, kid, privateKey, publicJwk: { ...bare, kid, alg: algorithm, use: 'sig' } };
}

/** Signs a JWT as a client. Claims that are undefined are left out. */
export function signAs(key: ClientKey, claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid: key.kid, ...header }).sign(key.privateKey);
}

/** Signs a client assertion, valid except for the changes of the test (RFC 7523 §3). */
export function clientAssertion(
  provider: Pick<ProviderUnderTest, 'url'>,
  { clientId, key }: Pick<TestClient, 'clientId' | 'key'>,
  changes: JWTPayload = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: provider.url, jti: randomUUID(), iat: now, exp: now + 60 };
  return signAs(key, { ...claims, ...changes }, header);
}

/**
 * Inserts a client into the database. By default it has the profile `oauth2.1`, authenticates with `client_secret_basic`, and
 * has the code and refresh grants and the OpenID and account scopes. With the profile `fapi2` or with a key it
 * authenticates with `private_key_jwt`.
 *
 * ```ts
 * const client = await givenClient(provider, { profile: 'fapi2' });
 * await post(provider, '/par', { ...(await client.credentials()), response_type: 'code' });
 * ```
 */
export async function givenClient(provider: ProviderUnderTest, options: ClientOptions = {}): Promise<TestClient> {
  const { profile = 'oauth2.1', key: givenPair, method: givenMethod, ...columns } = options;
  const withKey = givenPair !== undefined || profile === 'fapi2';
  const method = givenMethod ?? (withKey ? 'private_key_jwt' : 'client_secret_basic');
  const key = givenPair ?? (await givenKey());
  const secret = usesClientSecret(method) ? randomSecret() : '';
  const { manager } = provider.dataSource;
  const row = manager.create(Client, {
    ...blankClient,
    clientId: `client-${randomUUID()}`,
    clientName: 'A Test Client',
    description: 'Made by a test',
    securityProfile: profile,
    tokenEndpointAuthMethod: method,
    grantTypes: [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken],
    redirectUris: [CLIENT_CALLBACK],
    scopes: ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'account:read', 'account:write'],
    jwks: { keys: [key.publicJwk] },
    ...columns,
  });
  await manager.insert(Client, row);
  const { clientId } = row;
  if (secret) await manager.insert(ClientSecret, { id: randomUUID(), clientId, secretHash: sha256(secret) });
  const credentials = async (): Promise<Record<string, string>> => ({
    client_id: clientId,
    ...(method === 'client_secret_post' && { client_secret: secret }),
    ...(method === 'private_key_jwt' && {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await clientAssertion(provider, { clientId, key }),
    }),
  });
  return {
    clientId,
    redirectUri: row.redirectUris[0] ?? CLIENT_CALLBACK,
    row,
    secret,
    authorization: method === 'client_secret_basic' ? basic(clientId, secret) : undefined,
    key,
    credentials,
  };
}
