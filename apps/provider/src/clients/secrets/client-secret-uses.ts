import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import type { ClientSecret } from './client-secret.entity.js';

/** How often uses are written to the database, in milliseconds. */
const WRITE_INTERVAL = 60_000;

/** A use less than this many milliseconds after the stored one is not written. */
const GRANULARITY = 10 * 60_000;

/**
 * Stores when secrets were last used, exact to about ten minutes. Collects uses in memory and writes them together, so that
 * issuing a token writes nothing.
 */
@Injectable()
export class ClientSecretUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ClientSecretUses.name);
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.writeSafely(), WRITE_INTERVAL).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.writeSafely();
  }

  /** Notes that a secret has just been used. */
  note({ id, lastUsedAt }: Pick<ClientSecret, 'id' | 'lastUsedAt'>): void {
    if (!lastUsedAt || Date.now() - lastUsedAt.getTime() > GRANULARITY) this.pending.add(id);
  }

  /** Writes the uses noted since the last write. Keeps them when the write fails. */
  async write(): Promise<void> {
    if (this.pending.size === 0) return;
    const ids = [...this.pending];
    await this.dataSource.query('UPDATE client_secrets SET last_used_at = now() WHERE id = ANY ($1::uuid[])', [ids]);
    for (const id of ids) this.pending.delete(id);
  }

  private async writeSafely(): Promise<void> {
    await this.write().catch((error: unknown) =>
      this.logger.warn(
        `The last uses of client secrets could not be written. The next write includes them: ${describeError(error)}`,
      ),
    );
  }
}
