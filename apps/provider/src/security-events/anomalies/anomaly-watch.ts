import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { DataSource } from 'typeorm';
import { STATE_STORE } from '../../database/state-store.module.js';
import { FlaggedAnomalies } from './flagged-anomalies.js';
import { ANOMALY_RULES } from './anomaly-rules.js';

const PAUSE_MILLISECONDS = 10_000;
const LOCK = { ttlSeconds: 60, waitMilliseconds: 0 };

/**
 * Asks every rule, each ten seconds, what is unusual, and flags it.
 *
 * The rules read what was committed, so that nothing waits for them and what was undone is never flagged. One replica at a
 * time does the work; that it is flagged once, the database sees to.
 */
@Injectable()
export class AnomalyWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AnomalyWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly flagged: FlaggedAnomalies,
    @Inject(STATE_STORE) private readonly store: StateStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.watch(), PAUSE_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Asks every rule once; tells how many anomalies were flagged. One rule that fails holds up no other. */
  async run(now = new Date()): Promise<number> {
    let flagged = 0;
    for (const rule of ANOMALY_RULES) {
      try {
        for (const finding of await rule.find(this.dataSource.manager, now)) {
          if (await this.flagged.flag(rule, finding, now)) flagged++;
        }
      } catch (error) {
        this.logger.warn(`The rule ${rule.name} is asked again later: ${String(error)}`);
      }
    }
    await this.flagged.forgetOld(now);
    return flagged;
  }

  private watch(): Promise<void> {
    this.running ??= this.store
      .withLock('anomaly-watch', async () => void (await this.run()), LOCK)
      .catch((error: unknown) => {
        // Another replica does it; anything else is tried again in ten seconds.
        if (!(error instanceof LockTimeoutError)) this.logger.warn(`Anomalies are looked for later: ${String(error)}`);
      })
      .finally(() => (this.running = undefined));
    return this.running;
  }
}
