import { Logger } from '@nestjs/common';
import { keyIdOf, type SecretKeys } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import { createCipheriv, randomBytes } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { type KeyReplica, keyReplica } from '../../testing/key-database.js';
import { ServerSecrets } from '../server-secrets/server-secrets.js';
import { StoredSigningKey } from '../signing-key.entity.js';
import { subjectKey } from '../../users/subjects.js';
import { EncryptedRows } from './encrypted-rows.js';

const { jest } = import.meta;
const [old, next] = [randomBytes(32), randomBytes(32)];

let databaseUrl: string;
let before: KeyReplica;

const replicaWith = (...keys: SecretKeys) => keyReplica(databaseUrl, { ENCRYPTION_KEY: keys });
const rowsBy = (dataSource: DataSource, ...keys: SecretKeys) => new EncryptedRows(dataSource, { ENCRYPTION_KEY: keys });
const secretsBy = (dataSource: DataSource, ...keys: SecretKeys) =>
  new ServerSecrets(dataSource, { ENCRYPTION_KEY: keys });
const signing = ({ keys }: KeyReplica) => keys.current('ES256').then(({ kid }) => kid);

beforeEach(async () => {
  databaseUrl = await testDatabase();
  before = await replicaWith(old);
  await before.rotation.applySchedule();
  await secretsBy(before.dataSource, old).obtain('test', Buffer.from('a secret'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await before.dataSource.destroy();
});

describe('the encryption key of stored secrets', () => {
  it('can be replaced: the new key is put before the old one, and later stays alone', async () => {
    const kid = await signing(before);
    const meanwhile = await replicaWith(next, old);
    expect(await signing(meanwhile)).toBe(kid);
    const rows = rowsBy(meanwhile.dataSource, next, old);
    const state = (keyId: Buffer, key: string) =>
      expect.arrayContaining([
        { table: 'signing_keys', keyId: keyIdOf(keyId), key, rows: 4 },
        { table: 'server_secrets', keyId: keyIdOf(keyId), key, rows: 1 },
      ]);
    expect(await rows.state()).toEqual(state(old, 'other'));
    await Promise.all([rows.reencrypt(), rows.reencrypt()]);
    expect(await rows.state()).toEqual(state(next, 'first'));
    await meanwhile.dataSource.destroy();

    const after = await replicaWith(next);
    expect(await signing(after)).toBe(kid);
    const secret = await secretsBy(after.dataSource, next).obtain('test', Buffer.from('another'));
    expect(secret.toString()).toBe('a secret');
    await after.dataSource.destroy();
  });

  it('may be replaced while a replica does not know the new one: it keeps the signing keys it has read', async () => {
    const errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const kid = await signing(before);
    await rowsBy(before.dataSource, next, old).reencrypt();
    await before.keys.read();
    await before.keys.read();
    expect(await signing(before)).toBe(kid);
    expect(errors).toHaveBeenCalledTimes(4);
    await rowsBy(before.dataSource, old).reencrypt();
    expect((await rowsBy(before.dataSource, old).state()).map(({ key }) => key)).toEqual(['unknown', 'unknown']);
  });

  it('re-encrypts every row except a damaged one, which is logged', async () => {
    const errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const { dataSource } = before;
    await dataSource.query(`UPDATE signing_keys SET encrypted_jwk = set_byte(encrypted_jwk, 30, 1 # get_byte(encrypted_jwk, 30))
      WHERE algorithm = 'EdDSA'`);
    const rows = rowsBy(dataSource, next, old);
    await rows.reencrypt();
    expect(await rows.state()).toEqual(
      expect.arrayContaining([
        { table: 'signing_keys', keyId: keyIdOf(next), key: 'first', rows: 3 },
        { table: 'signing_keys', keyId: keyIdOf(old), key: 'other', rows: 1 },
        { table: 'server_secrets', keyId: keyIdOf(next), key: 'first', rows: 1 },
      ]),
    );
    expect(errors).toHaveBeenCalledWith(expect.stringContaining('in signing_keys is damaged'));
  });

  it('is needed for a replica to start: the replica creates no signing keys of its own instead', async () => {
    const foreign = await replicaWith(randomBytes(32));
    await expect(foreign.keys.read()).rejects.toThrow('cannot be decrypted with ENCRYPTION_KEY');
    await foreign.dataSource.destroy();
  });

  it('re-encrypts rows that were encrypted before keys had ids', async () => {
    const kid = await signing(before);
    const { manager } = before.dataSource;
    const { privateKey } = await before.keys.current('ES256');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', old, iv).setAAD(Buffer.from(kid));
    const sealed = [cipher.update(JSON.stringify(privateKey.export({ format: 'jwk' }))), cipher.final()];
    await manager.update(
      StoredSigningKey,
      { kid },
      { encryptedJwk: Buffer.concat([iv, cipher.getAuthTag(), ...sealed]) },
    );
    const rows = rowsBy(before.dataSource, old);
    expect(await rows.state()).toContainEqual({ table: 'signing_keys', keyId: 'unnamed', key: 'other', rows: 1 });
    await rows.reencrypt();
    expect((await rows.state()).every(({ key }) => key === 'first')).toBe(true);
    expect(await signing(before)).toBe(kid);
  });
});

describe('the key of pairwise subjects', () => {
  it('stays the same when GRANT_KEY is replaced, so that subjects do not change (OpenID Connect Core §8.1)', async () => {
    const secrets = secretsBy(before.dataSource, old);
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const key = await subjectKey(secrets, { GRANT_KEY: [first] });
    for (const keys of [[first, second], [second, first], [second]] as const) {
      expect(Buffer.from(await subjectKey(secrets, { GRANT_KEY: keys }))).toEqual(key);
    }
  });
});
