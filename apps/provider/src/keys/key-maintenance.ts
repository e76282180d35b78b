import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import { SigningKeys } from '@trefoil/token-issuance';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG, type ProviderConfig } from '../config.js';
import { EncryptedRows } from './encryption/encrypted-rows.js';
import { KeyRotation } from './key-rotation.js';
import { READ_INTERVAL } from './rotation-schedule.js';
import { SigningKeyCache } from './signing-key-cache.js';

/**
 * Runs on every replica. Reads the signing keys from the database every second; at start-up and once per `JWKS_MAX_AGE`
 * it also applies the rotation schedule and re-encrypts rows that an older `ENCRYPTION_KEY` encrypted.
 */
@Injectable()
export class KeyMaintenance implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyMaintenance.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeyCache,
    private readonly rotation: KeyRotation,
    private readonly encryptedRows: EncryptedRows,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'JWKS_MAX_AGE'>,
  ) {}

  /** Creates missing keys before the first request needs them. */
  async onApplicationBootstrap(): Promise<void> {
    await this.keys.read();
    await this.maintain();
    await this.keys.read();
    this.running = this.run();
  }

  /** Stops, and waits for work in progress while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let maintainedAt = performance.now();
    while (!signal.aborted) {
      await wait(READ_INTERVAL * 1000, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.reportFailure(async () => {
        await this.keys.read();
        if (performance.now() - maintainedAt < this.config.JWKS_MAX_AGE * 1000) return;
        maintainedAt = performance.now();
        await this.maintain();
      });
    }
  }

  private async maintain(): Promise<void> {
    await this.rotation.applySchedule();
    await this.encryptedRows.reencrypt();
  }

  /** Logs the first of several failures in a row. The keys that were read last stay in use. */
  private async reportFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.warn(`Signing keys cannot be read; the last ones stay in use: ${describeError(error)}`);
      this.isFailing = true;
    }
  }
}
