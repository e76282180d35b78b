import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { StateStore } from '@trefoil/state-store';
import { STATE_STORE } from './state-store.js';

const PAUSE_MILLISECONDS = 60_000;
const BATCH = 1000;

/** Removes what has expired from the database, once a minute and in bounded batches. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Housekeeping.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(STATE_STORE) private readonly store: StateStore) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), PAUSE_MILLISECONDS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    try {
      while ((await this.store.removeExpired(BATCH)) === BATCH);
    } catch (error) {
      this.logger.warn(`Expired entries stay until the next minute: ${String(error)}`);
    }
  }
}
