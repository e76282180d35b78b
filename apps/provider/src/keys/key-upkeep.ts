import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SigningKeys } from '@trefoil/token-issuance';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG, type ProviderConfig } from '../config.js';
import { EncryptedRows } from './encryption/encrypted-rows.js';
import { KeyRotation } from './key-rotation.js';
import { READ_PAUSE } from './key-times.js';
import { StoredSigningKeys } from './stored-signing-keys.js';

/**
 * Keeps the signing keys of this replica those of the database, and the database's those that the schedule wants. Every
 * replica does both; what must be done once they agree on.
 */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyUpkeep.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    @Inject(SigningKeys) private readonly keys: StoredSigningKeys,
    private readonly rotation: KeyRotation,
    private readonly encryptedRows: EncryptedRows,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'JWKS_MAX_AGE'>,
  ) {}

  /** Before the first request needs them: making keys takes a moment. */
  async onApplicationBootstrap(): Promise<void> {
    await this.keys.read();
    await this.keepUp();
    await this.keys.read();
    this.running = this.run();
  }

  /** Waits for what is being done; the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let keptUpAt = performance.now();
    while (!signal.aborted) {
      await wait(READ_PAUSE * 1000, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.reporting(async () => {
        await this.keys.read();
        if (performance.now() - keptUpAt < this.config.JWKS_MAX_AGE * 1000) return;
        keptUpAt = performance.now();
        await this.keepUp();
      });
    }
  }

  private async keepUp(): Promise<void> {
    await this.rotation.keepUp();
    await this.encryptedRows.reencrypt();
  }

  /** A database that is down is told of once; what was read last goes on being used. */
  private async reporting(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`The signing keys stay as they are: ${String(error)}`);
      this.isFailing = true;
    }
  }
}
