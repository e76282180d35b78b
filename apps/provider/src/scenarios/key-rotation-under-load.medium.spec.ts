import { randomSecret } from '@trefoil/oauth-protocol';
import { testDatabase } from '@trefoil/testing';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ClientSecrets } from '../clients/secrets/client-secrets.js';
import { EncryptedRows } from '../keys/encryption/encrypted-rows.js';
import { KeyRotation } from '../keys/key-rotation.js';
import { OFFERED_ALGORITHMS } from '../keys/offered-algorithms.js';
import { DEMO } from '../testing/demo.js';
import { Load, type Worker } from '../testing/rotation-load/load.js';
import { ReplicaSet } from '../testing/rotation-load/replica-set.js';
import { startResourceServer, type TestResourceServer } from '../testing/rotation-load/resource-server.js';
import { givenClient } from '../testing/test-clients.js';
import { basic, givenGrant, type ProtocolAnswer, post } from '../testing/token-requests.js';
import { until } from '../testing/until.js';

const MACHINE = 'marketing-sync';
const newKey = () => randomSecret();
const [oldKey, nextKey, oldGrantKey, nextGrantKey] = [newKey(), newKey(), newKey(), newKey()];
/** The lifetime of cached keys. It is short, so that a rotation takes seconds. */
const MAX_AGE_SECONDS = 1;

let replicas: ReplicaSet;
let backend: TestResourceServer;
let keySet: JWTVerifyGetKey;
let load: Load;
/** The current secret of the machine client. */
let machineSecret = 'marketing-sync-demo-secret';
/** The ids of the keys that signed an accepted token. */
const seen = new Set<string>();

beforeAll(async () => {
  const keys = { ENCRYPTION_KEY: oldKey, GRANT_KEY: oldGrantKey };
  replicas = await ReplicaSet.start(await testDatabase(), 2, { ...keys, JWKS_MAX_AGE: String(MAX_AGE_SECONDS) });
  backend = await startResourceServer(replicas.url, DEMO.backend);
  keySet = createRemoteJWKSet(new URL(`${replicas.url}/jwks`), {
    cacheMaxAge: 1000 * MAX_AGE_SECONDS,
    cooldownDuration: 1000 * MAX_AGE_SECONDS,
  });
  const users = await Promise.all(OFFERED_ALGORITHMS.map(userWith));
  load = new Load([...users, ...Array<Worker>(4).fill(machine)]);
}, 60_000);
afterAll(async () => {
  await load.stop();
  await backend.stop();
  await replicas.stop();
});

function answered({ status, body }: Pick<ProtocolAnswer, 'status' | 'body'>, what: string): ProtocolAnswer['body'] {
  if (status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

const noteKeyOf = (jwt: string) => seen.add(decodeProtectedHeader(jwt).kid ?? '');

/** Gets an access token with the secret of the machine client and calls the backend. */
const machine: Worker = async () => {
  const request = { grant_type: 'client_credentials', scope: 'contacts:export' };
  const answer = await post(replicas.any, '/token', request, basic(MACHINE, machineSecret));
  const { access_token } = answered(answer, 'client_credentials');
  await backend.accept(access_token);
  noteKeyOf(access_token);
};

/** Signs a user in at a client with ID tokens of one algorithm. Returns a worker that refreshes and calls /userinfo. */
async function userWith(algorithm: (typeof OFFERED_ALGORITHMS)[number]): Promise<Worker> {
  const provider = replicas.any;
  const client = await givenClient(provider, { idTokenSignedResponseAlg: algorithm });
  const { redemption } = await givenGrant(provider, {
    clientId: client.clientId,
    redirectUri: client.redirectUri,
    scopes: ['openid', 'email'],
    resources: [`${replicas.url}/api`],
  });
  const redeemed = answered(await post(provider, '/token', redemption, client.authorization), 'code');
  let refreshToken = redeemed.refresh_token;
  return async () => {
    const request = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const body = answered(await post(replicas.any, '/token', request, client.authorization), 'refresh');
    refreshToken = body.refresh_token;
    await jwtVerify(String(body.id_token), keySet, { issuer: replicas.url, algorithms: [algorithm] });
    noteKeyOf(String(body.id_token));
    const userinfo = await fetch(`${replicas.url}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    if (userinfo.status !== 200) throw new Error(`userinfo: ${userinfo.status} ${await userinfo.text()}`);
    await userinfo.body?.cancel();
  };
}

/** Rotates the keys of every algorithm, and waits until each new key has signed an accepted token. */
async function rotateKeys(options: { immediately?: boolean } = {}): Promise<void> {
  const made = await replicas.any.app.get(KeyRotation).rotate(undefined, options);
  expect(made).toHaveLength(OFFERED_ALGORITHMS.length);
  await until(() => (made.every(({ kid }) => seen.has(kid)) ? true : undefined), 60);
}

describe('under load, no request fails', () => {
  afterEach(() => expect(load.failures).toEqual([]));

  it('while the keys of every algorithm are rotated repeatedly', async () => {
    await rotateKeys();
    await rotateKeys();
    expect(seen.size).toBeGreaterThanOrEqual(3 * OFFERED_ALGORITHMS.length);
  }, 150_000);

  it('while they are rotated at once', async () => {
    await rotateKeys({ immediately: true });
  }, 150_000);

  it('while the secret of a client is rotated: both are good until the old one is taken back', async () => {
    const secrets = replicas.any.app.get(ClientSecrets);
    const [old] = await secrets.list(MACHINE);
    const { id, secret } = await secrets.rotate(MACHINE, { overlapSeconds: 3600 });
    await load.everyWorkerOnce();
    machineSecret = secret;
    await load.everyWorkerOnce();
    await secrets.remove(MACHINE, old?.id ?? '');
    await load.everyWorkerOnce();
    expect((await secrets.list(MACHINE)).map((each) => each.id)).toEqual([id]);
  }, 60_000);

  it('while rolling restarts replace ENCRYPTION_KEY and GRANT_KEY, and signing keys are rotated at the same time', async () => {
    await replicas.roll({ ENCRYPTION_KEY: `${oldKey},${nextKey}`, GRANT_KEY: `${oldGrantKey},${nextGrantKey}` });
    await load.everyWorkerOnce();
    await replicas.roll({ ENCRYPTION_KEY: `${nextKey},${oldKey}`, GRANT_KEY: `${nextGrantKey},${oldGrantKey}` });
    await rotateKeys({ immediately: true });
    const rows = replicas.any.app.get(EncryptedRows);
    await until(async () => ((await rows.state()).every(({ key }) => key === 'first') ? true : undefined));
    await load.everyWorkerOnce();
    await replicas.roll({ ENCRYPTION_KEY: nextKey, GRANT_KEY: nextGrantKey });
    await load.everyWorkerOnce();
    await rotateKeys({ immediately: true });
  }, 240_000);
});
