import { testDatabase } from '@trefoil/testing';
import { generateSigningKey } from '@trefoil/token-issuance';
import { createCipheriv, randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { keyReplica } from '../../testing/key-database.js';
import { providerDataSource } from '../data-source.js';
import { CreateUsersClientsAndGrants1795336359000 } from './1795336359000-create-users-clients-and-grants.js';
import { AddClientMetadataAndDeviceAuthorizations1795338880000 } from './1795338880000-add-client-metadata-and-device-authorizations.js';

it('after this migration a key in use still signs, and a retired key is not published', async () => {
  const url = await testDatabase();
  const encryptionKey = randomBytes(32);
  const [inUse, retired] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')]);
  const older = {
    migrations: [CreateUsersClientsAndGrants1795336359000, AddClientMetadataAndDeviceAuthorizations1795338880000],
  };
  const dataSource = await new DataSource({ ...providerDataSource(url), ...older }).initialize();
  await dataSource.runMigrations();
  for (const [{ kid, privateKey }, retiredAt] of [[inUse, null] as const, [retired, new Date()] as const]) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', encryptionKey, iv).setAAD(Buffer.from(kid));
    const sealed = [cipher.update(JSON.stringify(privateKey.export({ format: 'jwk' }))), cipher.final()];
    await dataSource.query(
      'INSERT INTO signing_keys (kid, algorithm, private_key, retired_at) VALUES ($1, $2, $3, $4)',
      [kid, 'ES256', Buffer.concat([iv, cipher.getAuthTag(), ...sealed]), retiredAt],
    );
  }
  await dataSource.destroy();

  const replica = await keyReplica(url, { ENCRYPTION_KEY: [encryptionKey] });
  await replica.rotation.applySchedule();
  expect((await replica.keys.current('ES256')).kid).toBe(inUse.kid);
  const published = (await replica.keys.published()).filter(({ algorithm }) => algorithm === 'ES256');
  expect(published.map(({ kid }) => kid)).toEqual([inUse.kid]);
  await replica.dataSource.destroy();
});
