import { Inject, Injectable } from '@nestjs/common';
import { decryptAtRest, encryptAtRest } from '@trefoil/server-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { ServerSecret } from './server-secret.entity.js';

/** Stores secrets that must stay the same when the keys in the environment are replaced. */
@Injectable()
export class ServerSecrets {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {}

  /**
   * Returns the secret with a name. It never changes, and is the same for every replica.
   *
   * @param initial the value to store when there is no secret with this name yet.
   * @param manager the caller's transaction, in which the secret is stored.
   */
  async obtain(name: string, initial: Uint8Array, manager: EntityManager = this.dataSource.manager): Promise<Buffer> {
    const keys = this.config.ENCRYPTION_KEY;
    await manager
      .createQueryBuilder()
      .insert()
      .into(ServerSecret)
      .values({ name, encryptedValue: encryptAtRest(initial, keys, name) })
      .orIgnore()
      .execute();
    const { encryptedValue } = await manager.findOneByOrFail(ServerSecret, { name });
    return decryptAtRest(encryptedValue, keys, name);
  }
}
