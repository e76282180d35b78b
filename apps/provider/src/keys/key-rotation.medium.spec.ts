import { databaseConnection, testDatabase } from '@trefoil/testing';
import { age, KEY_CONFIG, type KeyReplica, keyReplica } from '../testing/key-database.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { OFFERED_ALGORITHMS } from './offered-algorithms.js';
import { rotationSchedule } from './rotation-schedule.js';
import { decryptJwk, StoredSigningKey } from './signing-key.entity.js';

const { jest } = import.meta;
const SCHEDULE = rotationSchedule(KEY_CONFIG);
/** From a key's last signature until it is retired, in seconds. */
const UNTIL_RETIRED = SCHEDULE.verificationPeriod + SCHEDULE.clockSkew;

let databaseUrl: string;
let earlier: number;
let replicas: readonly [KeyReplica, KeyReplica, KeyReplica];

beforeAll(async () => {
  databaseUrl = await testDatabase();
  const first = await keyReplica(databaseUrl);
  replicas = [first, await keyReplica(databaseUrl), await keyReplica(databaseUrl)];
});
afterAll(() => Promise.all(replicas.map(({ dataSource }) => dataSource.destroy())));

beforeEach(async () => {
  const [{ dataSource }] = replicas;
  await dataSource.query('DELETE FROM signing_keys');
  await dataSource.query('DELETE FROM resource_servers');
  await replicas[0].rotation.applySchedule();
  earlier = (await allEvents()).length;
  await readEverywhere();
});
afterEach(() => jest.restoreAllMocks());

const onEach = <T>(work: (replica: KeyReplica) => Promise<T>): Promise<T[]> => Promise.all(replicas.map(work));
const readEverywhere = () => onEach(({ keys }) => keys.read());
/** Lets time pass, then applies the schedule and reads the keys on every replica. */
async function pass(seconds: number): Promise<void> {
  await age(replicas[0].dataSource, seconds);
  await onEach(({ rotation }) => rotation.applySchedule());
  await readEverywhere();
}
const signing = (replica: KeyReplica) => replica.keys.current('ES256').then(({ kid }) => kid);
const published = async ({ keys }: KeyReplica) =>
  (await keys.published()).filter(({ algorithm }) => algorithm === 'ES256').map(({ kid }) => kid);
const lifecycles = async () => (await replicas[0].rotation.list()).filter(({ algorithm }) => algorithm === 'ES256');
const allEvents = () => replicas[0].dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } });
const events = async () => (await allEvents()).slice(earlier).map(({ type, details }) => ({ type, ...details }));

/** Rotates the keys for ES256, and returns the old `kid` and the new one. */
async function givenRotation(immediately = false): Promise<{ old: string; next: string }> {
  const old = await signing(replicas[0]);
  const [successor] = await replicas[1].rotation.rotate('ES256', { immediately });
  await readEverywhere();
  return { old, next: successor?.kid ?? '' };
}

describe('the first start', () => {
  it('creates one key for each algorithm, even when several replicas start at once', async () => {
    await replicas[0].dataSource.query('DELETE FROM signing_keys');
    await onEach(({ rotation }) => rotation.applySchedule());
    await readEverywhere();
    const all = await replicas[0].rotation.list();
    expect(all.map(({ algorithm, state }) => [algorithm, state]).sort()).toEqual(
      OFFERED_ALGORITHMS.map((algorithm) => [algorithm, 'signing']).sort(),
    );
    const kids = await onEach(signing);
    expect(new Set(kids).size).toBe(1);
  });
});

describe('a rotation', () => {
  it('publishes the next key on every replica, and signs with it only after every cache has expired', async () => {
    const { old, next } = await givenRotation();
    expect(await onEach(published)).toEqual(Array(3).fill([next, old]));
    expect(await onEach(signing)).toEqual(Array(3).fill(old));
    await pass(SCHEDULE.publicationLead - 5);
    expect(await onEach(signing)).toEqual(Array(3).fill(old));
    await pass(5);
    expect(await onEach(signing)).toEqual(Array(3).fill(next));
    expect(await onEach(published)).toEqual(Array(3).fill([next, old]));
    expect((await lifecycles()).map(({ state }) => state)).toEqual(['signing', 'verifying']);
  });

  it('waits longer than proxies and verifiers may cache the key set', () =>
    expect(SCHEDULE.publicationLead).toBeGreaterThan(KEY_CONFIG.JWKS_MAX_AGE + 600));

  it('keeps the old key published until everything it signed has expired, and no longer', async () => {
    const { old, next } = await givenRotation();
    await pass(SCHEDULE.publicationLead + UNTIL_RETIRED - 5);
    expect(await published(replicas[0])).toEqual([next, old]);
    await pass(5);
    expect(await onEach(published)).toEqual(Array(3).fill([next]));
    expect(await replicas[0].keys.find(old, 'ES256')).toBeUndefined();
  });

  it('keeps the old key published until the access tokens with the longest lifetime have expired', async () => {
    await replicas[0].dataSource.query(
      `INSERT INTO resource_servers (identifier, name, scopes, access_token_lifetime)
       VALUES ('https://slow.example', 'slow', '{}', 7200)`,
    );
    const { old } = await givenRotation();
    await pass(SCHEDULE.publicationLead + UNTIL_RETIRED);
    expect(await published(replicas[0])).toContain(old);
    await pass(7200);
    expect(await published(replicas[0])).not.toContain(old);
  });

  it('deletes the private part of a retired key, and keeps the public part for ID token hints while sessions last', async () => {
    const { old } = await givenRotation();
    await pass(SCHEDULE.publicationLead + UNTIL_RETIRED);
    const [{ dataSource, keys }] = replicas;
    const { encryptedJwk } = await dataSource.manager.findOneByOrFail(StoredSigningKey, { kid: old });
    const jwk = decryptJwk(encryptedJwk, old, KEY_CONFIG.ENCRYPTION_KEY);
    expect(jwk).toMatchObject({ kty: 'EC', x: expect.any(String) });
    expect(jwk).not.toHaveProperty('d');
    expect(await keys.findFormer(old, 'ES256')).toBeDefined();
    await pass(KEY_CONFIG.SESSION_LIFETIME + 1);
    expect(await keys.findFormer(old, 'ES256')).toBeUndefined();
    expect(await dataSource.manager.countBy(StoredSigningKey, { kid: old })).toBe(0);
  });

  it('creates one key when every replica rotates at the same time, also when that is repeated', async () => {
    const made = await onEach(({ rotation }) => rotation.rotate('ES256'));
    expect(new Set(made.flat().map(({ kid }) => kid)).size).toBe(1);
    await onEach(({ rotation }) => rotation.rotate());
    expect((await lifecycles()).map(({ state }) => state)).toEqual(['waiting', 'signing']);
    expect(await replicas[0].rotation.list()).toHaveLength(2 * OFFERED_ALGORITHMS.length);
  });

  it('records security events: which key was created by whom, and which key was retired', async () => {
    const old = await signing(replicas[0]);
    const [successor] = await replicas[0].rotation.rotate('ES256', { origin: { actor: 'command' } });
    await pass(SCHEDULE.publicationLead + UNTIL_RETIRED);
    expect(await events()).toEqual([
      { type: 'signing-key-created', kid: successor?.kid, algorithm: 'ES256' },
      { type: 'signing-key-retired', kid: old, algorithm: 'ES256' },
    ]);
    expect(await replicas[0].dataSource.manager.countBy(SecurityEvent, { actor: 'command' })).toBe(1);
  });
});

describe('an immediate rotation', () => {
  it('waits only until every replica publishes the key', async () => {
    const { old, next } = await givenRotation(true);
    expect(await onEach(signing)).toEqual(Array(3).fill(old));
    expect(await onEach(published)).toEqual(Array(3).fill([next, old]));
    await pass(SCHEDULE.replicaDelay);
    expect(await onEach(signing)).toEqual(Array(3).fill(next));
    expect(await onEach(published)).toEqual(Array(3).fill([next, old]));
  });

  it('creates one key when every replica rotates at the same time', async () => {
    const made = await onEach(({ rotation }) => rotation.rotate('ES256', { immediately: true }));
    expect(new Set(made.flat().map(({ kid }) => kid)).size).toBe(1);
    expect(await lifecycles()).toHaveLength(2);
  });

  it('signs with the key that is already waiting', async () => {
    const { next } = await givenRotation();
    expect((await givenRotation(true)).next).toBe(next);
    await pass(SCHEDULE.replicaDelay);
    expect(await onEach(signing)).toEqual(Array(3).fill(next));
    await pass(UNTIL_RETIRED);
    expect(await onEach(published)).toEqual(Array(3).fill([next]));
  });

  it('lets a leaked key be retired as soon as another one signs', async () => {
    const { old, next } = await givenRotation(true);
    await expect(replicas[0].rotation.retire(old)).rejects.toMatchObject({ reason: 'conflict' });
    await pass(SCHEDULE.replicaDelay);
    await replicas[0].rotation.retire(old);
    await readEverywhere();
    expect(await onEach(published)).toEqual(Array(3).fill([next]));
    expect(await replicas[0].keys.findFormer(old, 'ES256')).toBeUndefined();
    await expect(replicas[0].rotation.retire(next)).rejects.toMatchObject({ reason: 'conflict' });
    await expect(replicas[0].rotation.retire(old)).rejects.toMatchObject({ reason: 'not-found' });
    expect((await events()).at(-1)).toEqual({ type: 'signing-key-retired', kid: old, algorithm: 'ES256' });
  });
});

describe('the schedule', () => {
  it('publishes the next keys in time to sign when the lifetime of the last ones ends, once for all replicas', async () => {
    const old = await signing(replicas[0]);
    await pass(SCHEDULE.lifetime - SCHEDULE.publicationLead - 5);
    expect(await lifecycles()).toHaveLength(1);
    await pass(5);
    expect(await replicas[0].rotation.list()).toHaveLength(2 * OFFERED_ALGORITHMS.length);
    expect(await onEach(signing)).toEqual(Array(3).fill(old));
    await pass(SCHEDULE.publicationLead);
    expect(await signing(replicas[0])).not.toBe(old);
    expect(await lifecycles()).toHaveLength(2);
  });

  it('always has one signing key, and keeps no more keys than it needs', async () => {
    for (let lifetime = 0; lifetime < 5; lifetime++) {
      await pass(SCHEDULE.lifetime - SCHEDULE.publicationLead);
      await pass(SCHEDULE.publicationLead);
      expect((await lifecycles()).map(({ state }) => state).filter((state) => state === 'signing')).toHaveLength(1);
    }
    await pass(UNTIL_RETIRED);
    await pass(KEY_CONFIG.SESSION_LIFETIME + 1);
    expect(await lifecycles()).toHaveLength(1);
  });
});

describe('a replica', () => {
  it.each([-3600, -30, 30, 3600])('switches keys with the others when its clock is %d s off', async (seconds) => {
    const { next } = await givenRotation();
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + seconds * 1000);
    const old = await signing(replicas[0]);
    await readEverywhere();
    expect(await onEach(signing)).toEqual(Array(3).fill(old));
    await pass(SCHEDULE.publicationLead);
    expect(await onEach(signing)).toEqual(Array(3).fill(next));
  });

  it('reads the keys again at once for an unknown key, but not for every invented key id', async () => {
    const { rotation, keys, dataSource } = replicas[0];
    const [successor] = await replicas[1].rotation.rotate('ES256');
    expect(await keys.find(successor?.kid ?? '', 'ES256')).toBeDefined();
    const queries = jest.spyOn(dataSource.manager, 'find');
    for (let index = 0; index < 100; index++) expect(await keys.find(`invented-${index}`, 'ES256')).toBeUndefined();
    expect(queries.mock.calls.length).toBeLessThanOrEqual(1);
    expect(await rotation.list()).toHaveLength(OFFERED_ALGORITHMS.length + 1);
  });

  it('keeps using the keys it has while the database is down', async () => {
    const connection = await databaseConnection(databaseUrl);
    const replica = await keyReplica(connection.url);
    const kid = await signing(replica);
    await connection.cut();
    await expect(replica.keys.read()).rejects.toThrow();
    expect(await signing(replica)).toBe(kid);
    expect(await published(replica)).toEqual([kid]);
    await connection.restore();
    await replica.dataSource.destroy();
    await connection.cut();
  });
});
