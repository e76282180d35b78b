import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClientSecret } from './client-secret.entity.js';

/** How often uses are written down, in milliseconds. */
const PAUSE = 60_000;

/** A use this soon after the last one that is known is not written down, in milliseconds. */
const GRANULARITY = 10 * 60_000;

/**
 * When secrets were last used, to about ten minutes: uses are gathered in memory and written together, so that issuing a
 * token writes nothing.
 */
@Injectable()
export class ClientSecretUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ClientSecretUses.name);
  private readonly gathered = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.writeSafely(), PAUSE).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.writeSafely();
  }

  /** Notes that a secret has just been used. */
  note({ id, lastUsedAt }: Pick<ClientSecret, 'id' | 'lastUsedAt'>): void {
    if (!lastUsedAt || Date.now() - lastUsedAt.getTime() > GRANULARITY) this.gathered.add(id);
  }

  /** Writes down what has been noted since the last time. */
  async write(): Promise<void> {
    if (this.gathered.size === 0) return;
    const ids = [...this.gathered];
    await this.dataSource.query('UPDATE client_secrets SET last_used_at = now() WHERE id = ANY ($1::uuid[])', [ids]);
    for (const id of ids) this.gathered.delete(id);
  }

  private async writeSafely(): Promise<void> {
    await this.write().catch((error: unknown) =>
      this.logger.warn(`The last uses of client secrets are written later: ${String(error)}`),
    );
  }
}
